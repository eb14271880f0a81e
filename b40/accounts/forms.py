"""The library's forms, in the words of this site."""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from django import forms
from django.contrib.auth.password_validation import MinimumLengthValidator
from django.utils.translation import gettext_lazy as _

MAIL = (_("Mail address"), "")
NEW = (
    _("New password"),
    _("At least %(length)s characters, and none that is easily guessed: four words that do not belong together are good.")
    % {"length": MinimumLengthValidator().min_length},
)  # fmt: skip
AGAIN = (_("The new password once more"), "")
MAILED_CODE = (_("Code"), _("As it stands in the mail; capital or small letters do not matter."))
APP_CODE = (_("Code"), _("The six figures of your app, or one of your recovery codes."))


class Worded:
    """Labels and help of a form's fields, without placeholders; the first field takes the cursor."""

    words: ClassVar[dict[str, tuple[Any, Any]]] = {}
    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            if name in self.words:
                field.label, field.help_text = self.words[name]
        shown = [field for field in self.fields.values() if not field.widget.is_hidden]
        for field in shown[:1]:
            field.widget.attrs["autofocus"] = True


class LoginForm(Worded, account.LoginForm):  # type: ignore[misc]
    words: ClassVar = {
        "login": (_("Mail address or user name"), ""),
        "password": (_("Password"), ""),
        "remember": (_("Stay signed in on this device for two weeks"), ""),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {
            "autocomplete": "username",
            "autocapitalize": "none",
            "spellcheck": "false",
        }


class RequestLoginCodeForm(Worded, account.RequestLoginCodeForm):  # type: ignore[misc]
    words: ClassVar = {"email": MAIL}


class ConfirmLoginCodeForm(Worded, account.ConfirmLoginCodeForm):  # type: ignore[misc]
    words: ClassVar = {"code": MAILED_CODE}


class ConfirmEmailVerificationCodeForm(Worded, account.ConfirmEmailVerificationCodeForm):  # type: ignore[misc]
    words: ClassVar = {"code": MAILED_CODE}


class ResetPasswordForm(Worded, account.ResetPasswordForm):  # type: ignore[misc]
    words: ClassVar = {"email": MAIL}


class ResetPasswordKeyForm(Worded, account.ResetPasswordKeyForm):  # type: ignore[misc]
    words: ClassVar = {"password1": NEW, "password2": AGAIN}


class ChangePasswordForm(Worded, account.ChangePasswordForm):  # type: ignore[misc]
    words: ClassVar = {"oldpassword": (_("Present password"), ""), "password1": NEW, "password2": AGAIN}


class SetPasswordForm(Worded, account.SetPasswordForm):  # type: ignore[misc]
    words: ClassVar = {"password1": NEW, "password2": AGAIN}


class AddEmailForm(Worded, account.AddEmailForm):  # type: ignore[misc]
    words: ClassVar = {"email": (_("New mail address"), "")}


class ReauthenticateForm(Worded, account.ReauthenticateForm):  # type: ignore[misc]
    words: ClassVar = {"password": (_("Your password"), "")}


class AuthenticateForm(Worded, mfa.AuthenticateForm):  # type: ignore[misc]
    words: ClassVar = {"code": APP_CODE}


class SecondReauthenticateForm(Worded, mfa.ReauthenticateForm):  # type: ignore[misc]
    words: ClassVar = {"code": APP_CODE}


class ActivateTOTPForm(Worded, totp.ActivateTOTPForm):  # type: ignore[misc]
    words: ClassVar = {"code": (_("Six figures"), "")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class AddWebAuthnForm(Worded, webauthn.AddWebAuthnForm):  # type: ignore[misc]
    """Passkeys alone: a key that opens nothing without a finger, a face or a PIN."""

    words: ClassVar = {"name": (_("Name"), _("So that you know it again, as in “My phone”."))}
    passwordless = forms.BooleanField(widget=forms.HiddenInput, initial=True)


class EditWebAuthnForm(Worded, webauthn.EditWebAuthnForm):  # type: ignore[misc]
    words: ClassVar = {"name": (_("Name"), "")}
