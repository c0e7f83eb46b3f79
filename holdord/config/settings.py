"""Every setting of the desk, read from the environment. docs/settings.md describes them; a test compares the two."""

from functools import partial
from pathlib import Path

from holdord.config import environment as env
from holdord.kernel import clock

DATA = env.path("HOLDORD_DATA", env.scratch() if env.in_tests() else Path.cwd() / "var")
DEMO = env.boolean("HOLDORD_DEMO", False)
DEBUG = env.boolean("HOLDORD_DEBUG", False)
SECRET_KEY = env.secret(
    "HOLDORD_SECRET_KEY",
    "only-for-the-demo-and-tests" if DEMO or env.in_tests() else None,
    kept_in=DATA / "secret-key",
)
ALLOWED_HOSTS = env.words("HOLDORD_ALLOWED_HOSTS", ["*"] if DEMO or env.in_tests() else None)
LISTEN_WEB = env.address("HOLDORD_LISTEN_WEB", "127.0.0.1:8000")
PUBLIC_URL = env.text("HOLDORD_PUBLIC_URL", f"http://localhost:{LISTEN_WEB[1] if LISTEN_WEB else 8000}").rstrip("/")

if DEMO or env.in_tests():
    clock.allow_moving(DATA / "clock")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "allauth",
    "allauth.account",
    "holdord.history",
    "holdord.files",
    "holdord.people",
    "holdord.conversations",
    "holdord.promises",
    "holdord.recovery",
    "holdord.knowledge",
    "holdord.orders",
    "holdord.fulfilment",
    "holdord.routing",
    "holdord.channels",
    "holdord.web",
    "holdord.desk",
    "holdord.portal",
    "holdord.api",
    "holdord.stories",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "holdord.web.static_files.serve_static_files",
    "holdord.config.middleware.programs_have_addresses_of_their_own",
    "holdord.web.middleware.security_headers",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "holdord.web.middleware.reader_language",
    "holdord.config.middleware.too_much_at_once",
    "holdord.web.middleware.only_a_button_leads_there",
    "holdord.web.middleware.look_once",
    "holdord.web.middleware.OthersWereQuicker",
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
# Throttling and double clicks are counted for all processes together where there may be several.
CACHES = env.cache(DATABASES["default"])
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "people.Agent"
AUTHENTICATION_BACKENDS = ["holdord.web.sessions.AgentsByKey"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "holdord.web.accounts.AgentsOnly"
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_REDIRECT_URL = "/account/login/"
ACCOUNT_SESSION_REMEMBER = True
LOGIN_URL = "/account/login/"
LOGIN_REDIRECT_URL = "/"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if env.in_tests():
    # A password that is slow to guess is slow to make, and tests make hundreds.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
SESSION_ENGINE = "holdord.web.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_URL.startswith("https://")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "holdord.web.faults.cross_site"

USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("da", "Dansk"), ("nb", "Norsk"), ("sv", "Svenska"), ("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = [Path(__file__).parent.parent / "locale"]

STATIC_URL = "/static/"
STORAGES = {
    "default": env.storage("HOLDORD_FILES", DATA / "files"),
}

LISTEN_SMTP = env.address("HOLDORD_LISTEN_SMTP", "127.0.0.1:2525")
LISTEN_LMTP = env.address("HOLDORD_LISTEN_LMTP", "off")
LISTEN_CERTIFICATE = env.file("HOLDORD_LISTEN_CERTIFICATE")
LISTEN_CERTIFICATE_KEY = env.file("HOLDORD_LISTEN_CERTIFICATE_KEY")
TRUSTED_PROXIES = env.words("HOLDORD_TRUSTED_PROXIES", ["127.0.0.1", "::1"])
WEB_THREADS = env.number("HOLDORD_WEB_THREADS", 4, least=1, most=64)
SENDING_THREADS = env.number("HOLDORD_SENDING_THREADS", 2, least=0, most=32)
LARGEST_UPLOAD = env.number("HOLDORD_LARGEST_UPLOAD_MB", 50, least=1, most=1024) * 1024 * 1024
LARGEST_MAIL = env.number("HOLDORD_LARGEST_MAIL_MB", 50, least=1, most=1024) * 1024 * 1024
KEEP_ORIGINAL_PICTURES = env.boolean("HOLDORD_KEEP_ORIGINAL_PICTURES", False)
FORM_PER_ADDRESS = env.number("HOLDORD_FORM_PER_ADDRESS", 20)
FORM_PER_INBOX = env.number("HOLDORD_FORM_PER_INBOX", 500)
FORM_LEAST_SECONDS = env.number("HOLDORD_FORM_LEAST_SECONDS", 2, most=60)
REACH_INSIDE = env.words("HOLDORD_REACH_INSIDE", [])
DEED_SECONDS = env.number("HOLDORD_DEED_SECONDS", 10, least=1, most=60)
API_PER_MINUTE = env.number("HOLDORD_API_PER_MINUTE", 3000, least=1, most=1_000_000)
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024

SMTP_HOST, SMTP_PORT = env.address("HOLDORD_SMTP_SERVER", "localhost:25") or ("", 0)
SMTP_SECURITY = env.choice(
    "HOLDORD_SMTP_SECURITY", "none" if env.is_loopback(SMTP_HOST) else "starttls", ("none", "starttls", "tls")
)
SMTP_USER = env.text("HOLDORD_SMTP_USER", "")
SMTP_PASSWORD = env.text("HOLDORD_SMTP_PASSWORD", "")
SMTP_TOKEN = partial(env.text, "HOLDORD_SMTP_TOKEN", "")
SMTP_NAME = env.text("HOLDORD_SMTP_NAME", "")
AUTHSERV_ID = env.text("HOLDORD_AUTHSERV_ID", "").lower()
UNDO_SECONDS = env.number("HOLDORD_UNDO_SECONDS", 10, most=600)
TELLING_AT_ONCE = env.number("HOLDORD_TELLING_AT_ONCE", 200, least=1, most=10_000)
