# SPDX-License-Identifier: BSL-1.0
"""A line plot as SVG."""
import math
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 820, 440
LEFT, RIGHT, TOP, BOTTOM = 76, 210, 48, 56
COLOURS = ["#444444", "#c2571a", "#7a5ca8", "#0b6fb8"]


def step_of(most):
    """A round distance between about five marks up to `most`."""
    power = 10 ** math.floor(math.log10(most / 5))
    return next(power * factor for factor in (1, 2, 5, 10) if most / (power * factor) <= 6)


def apart(wanted, least=16):
    """Heights near the wanted ones, with a minimum distance."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    out = list(wanted)
    for before, after in zip(order, order[1:]):
        out[after] = max(out[after], out[before] + least)
    return out


def lines(series):
    """`series`: name to {calls in flight: calls per second}; the horizontal axis is logarithmic."""
    xs = sorted({x for line in series.values() for x in line})
    most = max(y for line in series.values() for y in line.values())
    step = step_of(most)
    top = step * math.ceil(most / step)

    def across(x):
        return LEFT + (WIDTH - LEFT - RIGHT) * math.log(x / xs[0]) / math.log(xs[-1] / xs[0])

    def up(y):
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * y / top

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}" '
        'font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{LEFT}" y="26" font-size="15">Calls per second over calls in flight '
        '(at most 64 connections)</text>',
    ]
    for i in range(round(top / step) + 1):
        y = up(i * step)
        out.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" stroke="#dddddd"/>')
        out.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{i * step:,.0f}</text>')
    for x in xs:
        out.append(f'<text x="{across(x):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{x:,}</text>')
    out.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">calls in flight</text>')

    ends = apart([up(line[max(line)]) for line in series.values()])
    for (name, line), colour, end in zip(series.items(), COLOURS, ends):
        points = [(across(x), up(y)) for x, y in sorted(line.items())]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        out.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        out += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
        out.append(f'<text x="{WIDTH - RIGHT + 10}" y="{end + 4:.1f}" fill="{colour}">{escape(name)}</text>')
    return "\n".join([*out, "</svg>"]) + "\n"
