"""Every setting of the desk, read from the environment. docs/settings.md describes them; a test compares the two."""

from pathlib import Path

from holdord.config import environment as env
from holdord.kernel import clock

DATA = env.path("HOLDORD_DATA", env.scratch() if env.in_tests() else Path.cwd() / "var")
DEMO = env.boolean("HOLDORD_DEMO", False)
DEBUG = env.boolean("HOLDORD_DEBUG", False)
SECRET_KEY = env.secret("HOLDORD_SECRET_KEY", "only-for-the-demo-and-tests" if DEMO or env.in_tests() else None)
ALLOWED_HOSTS = env.words("HOLDORD_ALLOWED_HOSTS", ["*"] if DEMO or env.in_tests() else None)
PUBLIC_URL = env.text("HOLDORD_PUBLIC_URL", "http://localhost:8000").rstrip("/")

if DEMO or env.in_tests():
    clock.allow_moving(DATA / "clock")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "holdord.history",
    "holdord.files",
    "holdord.people",
    "holdord.conversations",
    "holdord.promises",
    "holdord.recovery",
    "holdord.routing",
    "holdord.channels",
    "holdord.web",
    "holdord.desk",
    "holdord.portal",
    "holdord.stories",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "holdord.config.urls"
WSGI_APPLICATION = "holdord.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "APP_DIRS": True,
        "OPTIONS": {"environment": "holdord.web.jinja.environment"},
    },
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
            ]
        },
    },
]

DATABASES = {"default": env.database("HOLDORD_DATABASE_URL", DATA / "holdord.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Agent"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
LOGIN_REDIRECT_URL = "/"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("da", "Dansk"), ("nb", "Norsk"), ("sv", "Svenska"), ("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
