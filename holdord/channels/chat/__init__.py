"""Who visits the chat, where the site that shows it knows them."""
