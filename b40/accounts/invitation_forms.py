"""What is typed to take up an invitation."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from b40.accounts.forms import NEW
from members.models import User

BY_PASSWORD, BY_CODE = "password", "code"


class TakeUpForm(forms.Form):
    """How somebody wants to sign in from now on."""

    way = forms.ChoiceField(
        label=gettext_lazy("How do you want to sign in?"),
        choices=[
            (BY_PASSWORD, gettext_lazy("With a password")),
            (BY_CODE, gettext_lazy("Without a password: by a code that comes by mail each time, or with a passkey")),
        ],
        widget=forms.RadioSelect,
        initial=BY_PASSWORD,
    )
    password1 = forms.CharField(
        label=gettext_lazy("Password"), help_text=NEW[1], required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )  # fmt: skip
    password2 = forms.CharField(
        label=gettext_lazy("The password once more"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    @property
    def password(self) -> str | None:
        """Give the password chosen; None for whoever wants none. After validation only."""
        chosen: str = self.cleaned_data["password1"]
        return chosen if self.cleaned_data["way"] == BY_PASSWORD else None

    def clean(self) -> dict[str, Any]:
        """A password that is wanted is there, good, and typed twice alike."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("way") != BY_PASSWORD:
            return data
        first, second = data.get("password1", ""), data.get("password2", "")
        if not first:
            self.add_error("password1", _("Choose a password, or say above that you want none."))
        elif first != second:
            self.add_error("password2", _("The two are not the same: type both again."))
        else:
            self._check(first)
        return data

    def _check(self, password: str) -> None:
        try:
            validate_password(password, self.user)
        except ValidationError as error:
            self.add_error("password1", error)
