"""Long lists, a page at a time."""

from typing import TYPE_CHECKING, Any, TypeVar

from django.core.paginator import EmptyPage, Page, PageNotAnInteger, Paginator
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.db.models import QuerySet

R = TypeVar("R")


def paginate(request: HttpRequest, queryset: "QuerySet[Any, R] | list[R]", per_page: int) -> Page[R]:
    """Give the page of a list that the address asks for with ``?page=``.

    Takes an ordered QuerySet, of which it asks two queries, one for the count and one for the rows, or a list. What is no number gives the
    first page; a number beyond the last raises Http404 that says how many pages there are.
    """
    paginator: Paginator[R] = Paginator(queryset, per_page)
    try:
        return paginator.page(request.GET.get("page", 1))
    except PageNotAnInteger:
        return paginator.page(1)
    except EmptyPage as error:
        raise Http404(_("The last page of this list is page %(pages)d.") % {"pages": paginator.num_pages}) from error
