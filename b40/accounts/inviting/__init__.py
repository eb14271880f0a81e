"""Invitations to accounts: made, taken back, renewed, taken up; and who works beside a lead delegate."""

from b40.accounts.inviting.asking import invite, renew, take_back
from b40.accounts.inviting.colleagues import Colleague, add_colleague, retire
from b40.accounts.inviting.taking_up import take_up

__all__ = ["Colleague", "add_colleague", "invite", "renew", "retire", "take_back", "take_up"]
