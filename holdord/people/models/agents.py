"""The people who work at the desk."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from holdord.kernel import clock


class Role(models.TextChoices):
    """What a person may do. Each role may do what the one before it may, within the teams it belongs to."""

    AGENT = "agent"
    LEAD = "lead"
    DIRECTOR = "director"
    ADMINISTRATOR = "administrator"


class AgentManager(BaseUserManager["Agent"]):
    """Makes agents; e-mail addresses are lower-cased."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "Agent":
        agent = self.model(email=email.strip().lower(), **fields)
        agent.set_password(password)
        agent.save(using=self._db)
        return agent

    def get_by_natural_key(self, username: str | None) -> "Agent":
        return self.get(email=(username or "").strip().lower())


class Agent(AbstractBaseUser):
    """A person who logs in: agent, lead, director or administrator."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200)
    role = models.CharField(max_length=20, choices=Role, default=Role.AGENT)
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="en")
    time_zone = models.CharField(max_length=64, default="Europe/Copenhagen")
    speaks = models.JSONField(default=list)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=clock.now)
    theme = models.CharField(max_length=5, blank=True, choices=[("light", "light"), ("dark", "dark")])
    single_keys = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = AgentManager()

    class Meta:
        constraints = [models.CheckConstraint(name="agent_role_known", condition=Q(role__in=Role.values))]

    @property
    def first_name(self) -> str:
        """What customers see of the name (decisions: first name and team)."""
        return self.name.split()[0] if self.name.split() else self.email.partition("@")[0]

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar."""
        names = self.name.split() or [self.email]
        return (names[0][:1] + (names[-1][:1] if len(names) > 1 else "")).upper()

    @property
    def is_administrator(self) -> bool:
        """May change settings."""
        return self.role == Role.ADMINISTRATOR

    @property
    def leads(self) -> bool:
        """Sees what a lead sees: overrides, board, warnings of the team."""
        return self.role in {Role.LEAD, Role.DIRECTOR, Role.ADMINISTRATOR}


class Team(models.Model):
    """People who answer together. Until somebody takes a conversation the lead answers for it."""

    name = models.CharField(max_length=120, unique=True)
    lead = models.ForeignKey(
        "people.Agent", null=True, blank=True, on_delete=models.PROTECT, related_name="leads_teams"
    )
    members: "models.ManyToManyField[Agent, Membership]" = models.ManyToManyField(
        "people.Agent", through="people.Membership", related_name="teams"
    )


class Membership(models.Model):
    """An agent in a team."""

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE)
    team = models.ForeignKey("people.Team", on_delete=models.CASCADE)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agent", "team"], name="membership_once")]


class AgentHours(models.Model):
    """A span of the week in which an agent works, in the agent's zone. Without any, the inbox's opening hours count."""

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(name="agent_hours_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(name="agent_hours_forward", condition=Q(ends__gt=F("starts"))),
        ]


class Absence(models.Model):
    """A span, half-open, in which an agent is away: holiday, illness, a course."""

    agent = models.ForeignKey("people.Agent", on_delete=models.CASCADE, related_name="absences")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(name="absence_forward", condition=Q(ends_at__gt=F("starts_at")))]
        indexes = [models.Index(fields=["agent", "ends_at"], name="absence_by_agent")]
