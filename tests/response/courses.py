#!/usr/bin/env python3
"""2,000 random courses of disease, judged by RECIST 1.1 as its text says, for src/response/tests/courses.rs.

    python3 tests/response/courses.py > tests/response/courses.json

The rules here were written from Eisenhauer et al., Eur J Cancer 2009; 45: 228-247, and from the EORTC's questions and
clarifications (recist.eortc.org), not from the program. All sizes are whole tenths of a millimetre, so that no threshold
depends on the last bit of a sum. What the sources leave open is decided as docs/response.md says; these places are
marked "choice".

A course is a list: index of the baseline, operations, lesions, answers. An operation is "after-before": it lies between
these two examinations. A lesion is its kind (T target, N non-target, W new; small letter: a lymph node), then a word for
each examination: a size in tenths of a millimetre (of a node its short axis), p seen and not measured, s too small to
measure, a read as gone, x read as taken out, "." not assessed. An answer is "-" where there is none.
"""
import json
import random

SEED, COUNT = 20261130, 2000
PATHOLOGICAL_NODE = 100  # 4.3.1: a node under 10 mm short axis is normal
TOO_SMALL = 50  # 4.3.2: "the value of 5 mm should be assigned"


class Lesion:
    def __init__(self, kind, cells):
        self.target, self.new = kind in "Tt", kind in "Ww"
        self.node = kind.islower()
        self.cells = list(cells)

    def size(self, at):
        """The diameter that 4.3.2 records; None where it was not measured."""
        cell = self.cells[at]
        if cell == "a":
            return 0
        if cell == "s":
            return TOO_SMALL
        # A line of no length is no measurement (choice).
        return int(cell) or None if cell.isdigit() else None

    def seen(self, at):
        return self.cells[at] not in ("a", "x", ".")

    def disease(self, at):
        """Whether it is there as disease: a node of normal size is none."""
        if not self.seen(at):
            return False
        size = self.size(at)
        return not (self.node and size is not None and size < PATHOLOGICAL_NODE)


def take_out(lesions, operations):
    """What is gone at the first look after an operation was taken out, and stays so until it is seen (choice)."""
    for lesion in lesions:
        looks = [at for at, cell in enumerate(lesion.cells) if cell != "."]
        for before, at in zip(looks, looks[1:]):
            operated = any(before <= a and b <= at for a, b in operations)
            removed = lesion.cells[before] == "x" or (lesion.seen(before) and operated)
            if lesion.cells[at] == "a" and removed:
                lesion.cells[at] = "x"


def judge(baseline, operations, lesions):
    take_out(lesions, operations)
    # What had been taken out by the baseline is no disease of it, until it is back.
    known = [lesion for lesion in lesions if not lesion.new]
    own = [lesion for lesion in known if lesion.cells[baseline] != "x"]
    targets = [lesion for lesion in own if lesion.target]
    others = [lesion for lesion in own if not lesion.target]
    answers, complete, responding = [], False, False
    for at in range(len(lesions[0].cells)):
        answer = one(at, baseline, operations, lesions, known, targets, others, complete, responding)
        complete = complete or answer == "CR"
        responding = answer != "PD" and (responding or answer in ("CR", "PR"))
        answers.append(answer)
    return answers


def one(at, baseline, operations, lesions, known, targets, others, complete, responding):
    if at <= baseline:
        return "-"
    # 4.3.5 and table 1: any new lesion is progression.
    if any(lesion.new and lesion.disease(at) for lesion in lesions):
        return "PD"
    # Disease that is back after its removal was not there after the operation: new (choice).
    for lesion in known:
        if lesion.disease(at) and "x" in lesion.cells[baseline:at]:
            return "PD"
    # Table 3, note: "any disease seen at a subsequent time point ... makes the disease PD". EORTC, "Abnormal lymph
    # node": a target node has reappeared from 10 mm on; a non-target node must have grown without doubt (is read).
    if complete:
        for lesion in known:
            if lesion.disease(at) and (lesion.target or not lesion.node):
                return "PD"
    # An operation ends the baseline (choice): not evaluable.
    judged = targets or others
    crossed = any(not (b <= baseline or at <= a) for a, b in operations)
    if judged and (crossed or any("x" in lesion.cells[baseline + 1 : at + 1] for lesion in judged)):
        return "NE"
    if not targets:
        return without_targets(at, others)
    return overall(target_response(at, baseline, targets, responding), at, others)


def without_targets(at, others):
    """Table 2."""
    if not others:
        return "-"
    if any(lesion.disease(at) for lesion in others):
        return "Non-CR/non-PD"
    if any(lesion.cells[at] in ".x" for lesion in others):
        return "NE"
    return "CR"


def target_response(at, baseline, targets, responding):
    """4.3.1."""
    def total(when):
        sizes = [lesion.size(when) for lesion in targets]
        return sum(size for size in sizes if size is not None), None in sizes

    first, incomplete = total(baseline)
    if incomplete or first == 0:
        return "-"
    # "Disappearance of all target lesions. Any pathological lymph nodes must have reduction in short axis to <10 mm."
    if all(lesion.cells[at] != "." and not lesion.disease(at) for lesion in targets):
        return "CR"
    now, incomplete = total(at)
    earlier = [total(when) for when in range(baseline, at)]
    smallest = min(value for value, part in earlier if not part)
    # "At least a 20% increase ... taking as reference the smallest sum on study ... an absolute increase of at least
    # 5 mm"; 4.4.2: what was not measured cannot lower the sum.
    if 10 * now >= 12 * smallest and now - smallest >= 50:
        return "PD"
    if incomplete:
        return "NE"
    # "At least a 30% decrease ... taking as reference the baseline sum"; EORTC, "Managing PR": kept until progression.
    return "PR" if 10 * now <= 7 * first or responding else "SD"


def overall(targets, at, others):
    """Table 1."""
    if targets != "CR":
        return targets
    gone = all(lesion.cells[at] not in ".x" and not lesion.disease(at) for lesion in others)
    return "CR" if gone else "PR"


def course(rng):
    count = rng.randint(2, 5)
    baseline = 1 if count > 2 and rng.random() < 0.15 else 0
    operations = [(at, at + 1) for at in range(count - 1) if rng.random() < 0.05]
    drift = rng.choice([0.55, 0.75, 0.9, 1.0, 1.1, 1.3])
    rows = []
    for _ in range(rng.choice([0, 1, 1, 2, 2, 3])):
        rows.append((rng.choice("TTt"), walk(rng, count, drift)))
    for _ in range(rng.choice([0, 0, 0, 1, 2])):
        rows.append((rng.choice("NNn"), [rng.choice("ppppaas.") for _ in range(count)]))
    if rng.random() < 0.12 or not rows:
        cells = ["a" if at <= baseline else rng.choice("aaa.ps") for at in range(count)]
        rows.append((rng.choice("WWw"), cells))
    for kind, cells in rows:
        if kind in "nw":
            cells[:] = [str(rng.randint(60, 160)) if cell == "p" and rng.random() < 0.8 else cell for cell in cells]
            if kind == "w":
                cells[: baseline + 1] = ["a"] * (baseline + 1)
    return baseline, operations, rows


def walk(rng, count, drift):
    size, cells = rng.randint(100, 600), []
    for at in range(count):
        odd = rng.random()
        if at and odd < 0.1:
            cells.append("a")
        elif odd < 0.13:
            cells.append(rng.choice(["s", ".", "p", "0"]))
        elif at and odd < 0.14:
            cells.append("x")
        else:
            cells.append(str(size))
        # Round steps meet the thresholds exactly now and then.
        step = rng.choice([drift * rng.uniform(0.8, 1.2), 0.7, 1.2, 1.0])
        size = max(20, min(3000, round(size * step)))
    if rng.random() < 0.15:
        # The last examinations show nothing.
        gone = rng.randint(1, count - 1)
        cells[gone:] = ["a"] * (count - gone)
        if rng.random() < 0.5:
            cells[-1] = str(rng.randint(20, 200))
    return cells


def main():
    rng = random.Random(SEED)
    out = []
    while len(out) < COUNT:
        baseline, operations, rows = course(rng)
        lesions = [Lesion(kind, cells) for kind, cells in rows]
        words = [f"{kind} {' '.join(cells)}" for kind, cells in rows]
        answers = judge(baseline, operations, lesions)
        out.append([baseline, [f"{a}-{b}" for a, b in operations], words, answers])
    print("[" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in out) + "]")


if __name__ == "__main__":
    main()
