"""A group's actions as its `policy.json` describes them: choices and levels, each a branch of options."""

import numpy as np

from reporting import require

KINDS = {"discrete", "multi-discrete", "box", "hybrid"}


class Actions:
    """The branches of a group's actions.

    `options` is the number of options of each branch, `choices` how many of them are integers of the action, `levels`
    the values of each real number, `mask_count` how many leading options the mask covers, `count` all of them.
    """

    def __init__(self, group):
        described = group["actions"]
        self.kind = "discrete" if isinstance(described, list) else described["kind"]
        require(self.kind in KINDS, f"{group['name']} has actions of the unknown kind {self.kind}")
        if self.kind == "discrete":
            indices = [entry["index"] for entry in described]
            require(indices == list(range(len(indices))) and indices, f"actions of {group['name']} are not in order")
            integers, self.levels = [len(described)], []
        else:
            integers = described.get("options", [])
            self.levels = [np.array(levels, dtype=np.float32) for levels in described.get("levels", [])]
            self._check(group["name"], described)
        self.choices = len(integers)
        self.mask_count = sum(integers)
        self.options = integers + [len(levels) for levels in self.levels]
        self.count = sum(self.options)

    def _check(self, name, described):
        expected = {
            "multi-discrete": {"options"},
            "box": {"low", "high", "levels"},
            "hybrid": {"options", "labels", "low", "high", "levels"},
        }[self.kind]
        require(set(described) == expected | {"kind", "meaning"}, f"{name} describes its actions by {sorted(described)}")
        for levels, low, high in zip(self.levels, described.get("low", []), described.get("high", []), strict=True):
            ends = levels[0] == np.float32(low) and levels[-1] == np.float32(high)
            require(len(levels) > 1 and ends and np.all(np.diff(levels) >= 0), f"{name} has levels beside its range")
            even, margin = np.linspace(low, high, len(levels)), 1e-6 * max(abs(low), abs(high))
            require(np.allclose(levels, even, rtol=1e-6, atol=margin), f"{name} has levels at uneven distances")
        if "labels" in described:
            require([len(described["labels"])] == described["options"], f"{name} lacks a label of an option")

    @property
    def integers_name(self):
        return {"box": None, "hybrid": "action_discrete"}.get(self.kind, "action")

    @property
    def reals_name(self):
        return {"box": "action", "hybrid": "action_continuous"}.get(self.kind)

    def columns(self):
        """The options of each branch as a slice of the columns of q_values."""
        ends = np.cumsum(self.options)
        return [slice(end - options, end) for end, options in zip(ends, self.options)]

    def permitted(self, mask, rows):
        """Which options may be chosen [rows, count]: what the mask says of the choices, and every level."""
        whole = np.ones((rows, self.count), dtype=bool)
        if self.mask_count:
            whole[:, : self.mask_count] = mask
        return whole

    def random_mask(self, random, rows):
        """A mask [rows, mask_count] that leaves an option of each choice, or None where nothing can be masked."""
        if not self.mask_count:
            return None
        mask = random.random((rows, self.mask_count)) < 0.5
        for columns in self.columns()[: self.choices]:
            mask[np.arange(rows), random.integers(columns.start, columns.stop, rows)] = True
        return mask

    def choose(self, values, mask):
        """The permitted option of the greatest value in each branch, the lowest on a tie: [rows, branches]."""
        values = np.where(self.permitted(mask, len(values)), values, -np.inf)
        chosen = [np.argmax(values[:, columns], axis=1) for columns in self.columns()]
        return np.stack(chosen, axis=1)

    def choices_of(self, outputs):
        """The option of each branch [rows, branches] that a model's outputs stand for; numbers must be levels."""
        parts = []
        if self.choices:
            integers = outputs[self.integers_name]
            shape = integers.shape[:1] if self.kind != "multi-discrete" else (len(integers), self.choices)
            require(integers.dtype == np.int64 and integers.shape == shape, f"{self.integers_name} is {integers.shape}")
            parts.append(integers.reshape(len(integers), self.choices))
        if self.levels:
            reals = outputs[self.reals_name]
            shape = (len(reals), len(self.levels))
            require(reals.dtype == np.float32 and reals.shape == shape, f"{self.reals_name} is {reals.shape}")
            for column, levels in zip(reals.T, self.levels):
                same = column[:, None] == levels[None, :]
                require(bool(np.all(same.any(axis=1))), f"{self.reals_name} is no level of {levels}")
                parts.append(np.argmax(same, axis=1)[:, None])
        return np.concatenate(parts, axis=1)
