"""How a waiver is shown: what stands in for the photograph, since when, on which consent."""

from cases.waived import RESOURCES, Inquiry, Waiver
from web.shapes import Shape, Time, WaivedView
from web.words import INQUIRIES, said

ONE_OF_OURS = "您以前办事时交过"
NO_PHOTO = "不用拍照"
"""Of a material whose paper is still wanted."""


class InquiryView(Shape):
    """A question to a registry about a material."""

    resource: str
    source_label: str
    state: str
    state_label: str
    at: Time


def label_of(resource: str | None) -> str:
    return said(RESOURCES.get(resource, resource) if resource else ONE_OF_OURS)


def waived_view(waiver: Waiver) -> WaivedView:
    return WaivedView(
        source=waiver.source,
        source_label=label_of(waiver.resource),
        resource=waiver.resource,
        date=waiver.proven_on,
        valid_until=waiver.valid_to,
        still_show=waiver.still_show,
        consent=waiver.consent,
        at=waiver.at,
    )


def inquiry_view(inquiry: Inquiry) -> InquiryView:
    return InquiryView(
        resource=inquiry.resource,
        source_label=label_of(inquiry.resource),
        state=inquiry.state,
        state_label=INQUIRIES[inquiry.state],
        at=inquiry.answered_at or inquiry.authorised_at,
    )
