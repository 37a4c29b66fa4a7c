from django.core.management.base import BaseCommand, CommandError

from crm.accounts.factors import factor_on, factor_remove
from crm.accounts.models import User


class Command(BaseCommand):
    help = "Switch somebody's second factor off, when phone and backup codes are lost; every session of theirs ends."

    def add_arguments(self, parser) -> None:
        parser.add_argument("email")

    def handle(self, *args, email: str, **options) -> None:
        user = User.objects.filter(email=email.lower()).first()
        if user is None:
            raise CommandError(f"Nobody signs in with {email}.")
        if not factor_on(user):
            raise CommandError(f"{user.name} has no second factor.")
        factor_remove(user=user, by=None)
        self.stdout.write(f"{user.name} signs in without a second factor now.")
