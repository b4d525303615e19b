"""Fields of one value: strict about types, clean about text; their faults are codes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any

import marshmallow as ma

from shared.http.codes import Code, Length
from shared.ids import is_id

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")
_LINE = re.compile(r"[\t\r\n]")
_EMAIL = re.compile(r"[^@\s<>\"(),:;\\]{1,64}@(?:[^@\s.]{1,63}\.)+[^@\s.]{2,63}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class String(ma.fields.String):
    """Any text without broken characters; see `Text` for what people write."""

    default_error_messages = {"invalid": "not-text", "control": "control-characters"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if not text.isprintable() and _CONTROL.search(text):
            raise self.make_error("control")
        return text


class Text(String):
    """What a person writes: stripped, of 1 to `max` characters; line breaks only when `lines`."""

    default_error_messages = {"blank": "blank"}

    def __init__(
        self,
        max: int = 200,
        *,
        blank: bool = False,
        lines: bool | None = None,
        **kwargs: Any,
    ) -> None:
        self.blank = blank
        self.lines = max > 300 if lines is None else lines
        checks = kwargs.pop("validate", [])
        checks = [checks] if callable(checks) else list(checks)
        super().__init__(validate=[Length(max=max), *checks], **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs).strip()
        if not text and not self.blank:
            raise self.make_error("blank")
        if not self.lines and _LINE.search(text):
            raise self.make_error("control")
        return text


class Email(Text):
    """An e-mail address, roughly checked; only a message proves one."""

    default_error_messages = {"email": "not-an-email"}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("metadata", {"format": "email", "example": "liu.yang@example.com"})
        super().__init__(254, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _EMAIL.fullmatch(text):
            raise self.make_error("email")
        return text


class IdField(ma.fields.String):
    """An id of one kind, such as `deal_01k…`."""

    def __init__(self, kind: str, **kwargs: Any) -> None:
        self.kind = kind
        kwargs.setdefault(
            "metadata", {"pattern": f"^{kind}_[0-9a-z]{{26}}$", "example": f"{kind}_01kq3v9w2n8x5t7r4m6c1d0b2a"}
        )
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        if not isinstance(value, str) or not is_id(value, self.kind):
            raise ma.ValidationError(Code("not-an-id", kind=self.kind))
        return value


class Integer(ma.fields.Integer):
    """A whole number within 64 bits, written as a number."""

    default_error_messages = {"invalid": "not-an-integer", "too_large": "not-an-integer"}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> int:
        if type(value) is not int or not -(2**63) <= value < 2**63:
            raise self.make_error("invalid")
        return value


class Boolean(ma.fields.Boolean):
    """true or false, and nothing like it."""

    default_error_messages = {"invalid": "not-a-boolean"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Utc(ma.fields.DateTime):
    """An instant, RFC 3339 with a zone; becomes aware UTC in whole milliseconds."""

    default_error_messages = {"invalid": "not-an-instant"}

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> datetime:
        try:
            at = datetime.fromisoformat(value)
            if at.tzinfo is None or "T" not in value:
                raise ValueError
            at = at.astimezone(UTC)
        except (ValueError, TypeError, OverflowError):
            raise ma.ValidationError("not-an-instant") from None
        return at.replace(microsecond=at.microsecond // 1000 * 1000)


class DateField(ma.fields.Date):
    """A calendar date; stays the ISO text it came as, checked."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        try:
            if not isinstance(value, str) or not _DATE.fullmatch(value):
                raise ValueError
            date.fromisoformat(value)
        except ValueError:
            raise ma.ValidationError("not-a-date") from None
        return value
