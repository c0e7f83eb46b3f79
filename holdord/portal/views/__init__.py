"""Views for customers: GET changes nothing, POST names its origin, no answer is kept by a browser."""
