"""Charts as Vega-Lite: a chart is a JSON value. Pure; `bot.wording.drawing` makes a picture of it.

Made to be read on a phone: 375 points wide, large type, few things on it. Everything a chart says is in the reader's
words already, and what people or vendors wrote stands among the data, never in an expression.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

Chart = Mapping[str, Any]
"""A Vega-Lite specification."""

WIDTH = 375
"""Points: a phone held upright."""

_AROUND = 62
"""Of that, what stands beside the bars where a chart has several rows: padding and the axis."""

MOST = 12
"""Bars in one picture; more would be too small to read, and the figures stand in the text anyway."""

_INK, _FAINT, _TRACK, _PAPER = "#1d1c1d", "#5f6368", "#e8eaed", "#ffffff"

GOOD, BAD, OPEN, PLAN = "#2e7d5b", "#c62828", "#b8bec5", "#1565c0"
"""What arrived, what did not, what is not known, what is expected."""

_COLOURS = ((0.1, BAD), (0.25, "#d98200"), (float("inf"), GOOD))
"""Below which share a bar has which colour; the first bound is that of the default rule `quota-low`."""

_FONT = "Noto Sans SC"

_COUNTS = {"labelExpr": "format(datum.value, '~s')", "tickCount": 4}
"""An axis of messages: 0, 500, 1k, 20k."""

THEME: Chart = {
    "background": _PAPER,
    "font": _FONT,
    "padding": 12,
    "view": {"stroke": None},
    "title": {"anchor": "start", "fontSize": 15, "fontWeight": "normal", "color": _INK, "offset": 10, "limit": 350},
    "axis": {
        "labelFontSize": 12,
        "labelColor": _FAINT,
        "title": None,
        "domainColor": _TRACK,
        "tickColor": _TRACK,
        "gridColor": _TRACK,
    },
    "legend": {
        "orient": "bottom",
        "direction": "horizontal",
        "title": None,
        "labelFontSize": 12,
        "labelColor": _INK,
        "symbolType": "square",
        "symbolOpacity": 1,
        "symbolStrokeWidth": 0,
        "labelLimit": 200,
    },
    "text": {"fontSize": 12, "color": _INK},
    "header": {
        "title": None,
        "labelFontSize": 13,
        "labelColor": _INK,
        "labelOrient": "top",
        "labelAnchor": "start",
        "labelAngle": 0,
    },
}
"""How every chart looks."""


# --- What is left ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Bar:
    """Something of which a share is left.

    Args:
        label: what it is.
        figure: what is left of how much, in the reader's words.
        share: what is left, 0 to 1; what is beyond is shown as the end.
    """

    label: str
    figure: str
    share: float


def bars(title: str, shown: Sequence[Bar], more: str = "") -> Chart:
    """Horizontal bars, one below the other.

    Args:
        title: what it is, and as of when.
        shown: from top to bottom; at most `MOST` of them are drawn.
        more: said at the end where some are left out.
    """
    rows = [
        {
            "row": position,
            "label": _clean(bar.label),
            "figure": _clean(bar.figure),
            "share": min(max(bar.share, 0.0), 1.0),
            "colour": next(colour for below, colour in _COLOURS if bar.share < below),
        }
        for position, bar in enumerate(shown[:MOST])
    ]
    y = {"field": "row", "type": "ordinal", "axis": None}
    x = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": None}
    mark = {"type": "bar", "height": 14, "cornerRadius": 3, "yOffset": 10}
    words = {"type": "text", "baseline": "middle", "yOffset": -10}
    return _chart(
        title,
        {
            "height": {"step": 48},
            "data": {"values": rows},
            "encoding": {"y": y},
            "layer": [
                {"mark": {**mark, "color": _TRACK}, "encoding": {"x": {"datum": 1, **_without_field(x)}}},
                {"mark": mark, "encoding": {"x": x, "color": {"field": "colour", "type": "nominal", "scale": None}}},
                {
                    "mark": {**words, "align": "left", "limit": 190, "fontSize": 13},
                    "encoding": {"x": {"datum": 0, **_without_field(x)}, "text": {"field": "label"}},
                },
                {
                    "mark": {**words, "align": "right", "limit": 155, "color": _FAINT},
                    "encoding": {"x": {"datum": 1, **_without_field(x)}, "text": {"field": "figure"}},
                },
            ],
        },
        note=more if len(shown) > MOST else "",
    )


# --- How long it lasts -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Point:
    """What is left at a moment.

    Args:
        at: as the axis says it, in the reader's zone.
        left: messages; of a forecast what is most likely.
        low: what is left if much is used; a measured point has none.
        high: the same if little is used.
    """

    at: datetime
    left: float
    low: float | None = None
    high: float | None = None


def burn_down(
    title: str, measured: Sequence[Point], expected: Sequence[Point], words: tuple[str, str, str], *, zone: str = ""
) -> Chart:
    """What was left, what will be, and the band in which it should lie.

    Args:
        title: whose it is, and when it runs out.
        measured: oldest first.
        expected: from now on; the first one is where the measured ones end.
        words: what the measured line, the expected line and the band are called.
        zone: said below the axis.
    """
    was, likely, between = words
    lines = [
        {"at": _axis_time(one.at), "left": one.left, "what": what}
        for what, points in ((was, measured), (likely, expected))
        for one in points
    ]
    band = [{"at": _axis_time(one.at), "low": one.low, "high": one.high, "what": between} for one in expected]
    moments = [one.at for one in (*measured, *expected)]
    x = {"field": "at", "type": "temporal", "axis": _time_axis(max(moments) - min(moments))}
    colour = {
        "field": "what",
        "type": "nominal",
        "scale": {"domain": [was, likely, between], "range": [_INK, PLAN, "#cfe0f5"]},
    }
    return _chart(
        title,
        {
            "height": 190,
            "layer": [
                {
                    "data": {"values": band},
                    "mark": {"type": "area", "clip": True},
                    "encoding": {
                        "x": x,
                        "y": {"field": "low", "type": "quantitative", "axis": _COUNTS},
                        "y2": {"field": "high"},
                        "color": colour,
                    },
                },
                {
                    "data": {"values": lines},
                    "mark": {"type": "line", "strokeWidth": 2.5},
                    "encoding": {
                        "x": x,
                        "y": {"field": "left", "type": "quantitative", "axis": _COUNTS, "scale": {"zero": True}},
                        "color": colour,
                    },
                },
            ],
        },
        note=zone,
    )


# --- What was sent -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Day:
    """One account's day.

    Args:
        account: whose it is; each has a row of its own.
        label: the day, as people say it.
        delivered: messages.
        failed: messages.
        waiting: messages.
    """

    account: str
    label: str
    delivered: int
    failed: int
    waiting: int


def volume(title: str, days: Sequence[Day], words: tuple[str, str, str]) -> Chart:
    """Messages a day and what became of them, one row an account.

    Args:
        title: what it is, and of which days.
        days: oldest first.
        words: what delivered, failed and waiting are called.
    """
    accounts = list(dict.fromkeys(day.account for day in days))
    labels = list(dict.fromkeys(day.label for day in days))
    rows = [
        {"account": _clean(day.account), "day": day.label, "what": word, "place": place, "count": count}
        for day in days
        for place, (word, count) in enumerate(zip(words, (day.delivered, day.failed, day.waiting), strict=True))
        if count
    ]
    unit: dict[str, Any] = {
        "height": 190 if len(accounts) == 1 else 110,
        "mark": {"type": "bar"},
        "encoding": {
            "x": {
                "field": "day",
                "type": "ordinal",
                "sort": labels,
                "scale": {"domain": labels},
                "axis": {"labelAngle": 0, "labelOverlap": True},
            },
            "y": {"field": "count", "type": "quantitative", "axis": _COUNTS},
            "color": {
                "field": "what",
                "type": "nominal",
                "scale": {"domain": list(words), "range": [GOOD, BAD, OPEN]},
            },
            "order": {"field": "place", "type": "quantitative"},
        },
    }
    if len(accounts) == 1:
        return _chart(title, {**unit, "data": {"values": rows}})
    return _chart(
        title,
        {
            "data": {"values": rows},
            "facet": {"row": {"field": "account", "type": "nominal", "sort": [_clean(one) for one in accounts]}},
            "spec": {**unit, "width": WIDTH - _AROUND},
            "resolve": {"scale": {"y": "independent"}, "axis": {"x": "independent"}},
        },
        wide=False,
    )


def reasons(title: str, counts: Sequence[tuple[str, int]], more: str = "") -> Chart:
    """Why messages failed, the most frequent reason first.

    Args:
        title: whose they are, and of which days.
        counts: reason in the reader's words → messages; at most `MOST` of them are drawn.
        more: said at the end where some are left out.
    """
    largest = max((count for _, count in counts), default=1)
    rows = [
        {"row": position, "label": _clean(label), "figure": f"{count:,}", "share": count / largest}
        for position, (label, count) in enumerate(counts[:MOST])
    ]
    x = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": None}
    words = {"type": "text", "baseline": "middle", "yOffset": -10}
    return _chart(
        title,
        {
            "height": {"step": 44},
            "data": {"values": rows},
            "encoding": {"y": {"field": "row", "type": "ordinal", "axis": None}},
            "layer": [
                {
                    "mark": {"type": "bar", "height": 12, "cornerRadius": 2, "yOffset": 8, "color": BAD},
                    "encoding": {"x": x},
                },
                {
                    "mark": {**words, "align": "left", "limit": 270, "fontSize": 13},
                    "encoding": {"x": {"datum": 0, **_without_field(x)}, "text": {"field": "label"}},
                },
                {
                    "mark": {**words, "align": "right", "limit": 75, "color": _FAINT},
                    "encoding": {"x": {"datum": 1, **_without_field(x)}, "text": {"field": "figure"}},
                },
            ],
        },
        note=more if len(counts) > MOST else "",
    )


# --- Together ----------------------------------------------------------------------------------------------------------


def _chart(title: str, body: Chart, *, note: str = "", wide: bool = True) -> Chart:
    """A whole specification: the body with its title, its width (charts of several rows have their own) and the theme."""
    sized = {"width": WIDTH, "autosize": {"type": "fit-x", "contains": "padding"}} if wide else {}
    head: dict[str, Any] = {"text": _clean(title)}
    if note:
        head |= {"subtitle": _clean(note), "subtitleColor": _FAINT, "subtitleFontSize": 12}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "title": head,
        **sized,
        **body,
        "config": THEME,
    }


def _without_field(channel: Chart) -> dict[str, Any]:
    return {key: value for key, value in channel.items() if key != "field"}


def _time_axis(span: timedelta) -> dict[str, Any]:
    """About five marks: full hours of a day or two, whole days of more; no day stands there twice.

    The intervals are called as the drawing library has them.
    """
    if span <= timedelta(days=2):
        hours = next(step for step in (1, 2, 3, 6, 12) if span <= timedelta(hours=5 * step) or step == 12)
        return {"format": "%H:%M", "tickCount": {"interval": "hours", "step": hours}, "labelOverlap": True}
    days = max(round(span / timedelta(days=5)), 1)
    return {"format": "%m-%d", "tickCount": {"interval": "date", "step": days}, "labelOverlap": True}


def _axis_time(at: datetime) -> str:
    """Without its zone, which the drawing program must not move to its own."""
    return f"{at:%Y-%m-%dT%H:%M:%S}"


def _clean(text: str) -> str:
    """A text without characters that cannot be drawn; longer ones are cut by the drawing."""
    return "".join(character for character in text[:200] if character.isprintable())
