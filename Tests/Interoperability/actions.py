"""A group's actions as its `policy.json` describes them: choices, and real numbers by levels or squashed."""

import numpy as np

from reporting import require

KINDS = {"discrete", "multi-discrete", "box", "hybrid"}
# What a model gives before the mask, by the kind of policy.
VALUES = {"argmax-q": "q_values", "actor": "logits"}


class Answer:
    """What comes of rows.

    `values` are those before the mask [rows, count], `choices` an option of each branch [rows, branches], `reals` an
    actor's real numbers [rows, d], and `state` the memory behind the step or None.
    """

    def __init__(self, values, choices, reals, state=None):
        self.values, self.choices, self.reals, self.state = values, choices, reals, state

    def __getitem__(self, rows):
        state = None if self.state is None else self.state[rows]
        return Answer(self.values[rows], self.choices[rows], self.reals[rows], state)


class Actions:
    """The branches of a group's actions, and the ranges of an actor's real numbers.

    `options` is the number of options of each branch, `choices` how many of them are integers of the action, `levels`
    the values of each real number of a policy of action values, `mask_count` how many leading options the mask covers,
    `count` all of them; `low` and `high` are the ends of each real number, `squashed` how many an actor gives.
    """

    def __init__(self, group):
        described = group["actions"]
        self.kind = "discrete" if isinstance(described, list) else described["kind"]
        self.policy = group["policy"]
        require(self.kind in KINDS, f"{group['name']} has actions of the unknown kind {self.kind}")
        require(self.policy in VALUES, f"{group['name']} has a policy of the unknown kind {self.policy}")
        if self.kind == "discrete":
            indices = [entry["index"] for entry in described]
            require(indices == list(range(len(indices))) and indices, f"actions of {group['name']} are not in order")
            described = {"options": [len(described)]}
        else:
            self._check(group["name"], described)
        integers = described.get("options", [])
        self.levels = [np.array(levels, dtype=np.float32) for levels in described.get("levels", [])]
        self.low, self.high = (np.array(described.get(end, []), dtype=np.float32) for end in ("low", "high"))
        self.squashed = len(self.low) if self.policy == "actor" else 0
        self.choices = len(integers)
        self.mask_count = sum(integers)
        self.options = integers + [len(levels) for levels in self.levels]
        self.count = sum(self.options)
        for policy, name in VALUES.items():
            wanted = policy == self.policy and self.count > 0
            require((name in group) == wanted, f"{group['name']}, {self.policy}: {name} is {group.get(name)}")

    def _check(self, name, described):
        levels = {"levels"} if self.policy == "argmax-q" else set()
        expected = {
            "multi-discrete": {"options"},
            "box": {"low", "high"} | levels,
            "hybrid": {"options", "labels", "low", "high"} | levels,
        }[self.kind]
        require(set(described) == expected | {"kind", "meaning"}, f"{name} describes its actions by {sorted(described)}")
        for low, high in zip(described.get("low", []), described.get("high", []), strict=True):
            require(low <= high, f"{name} has a number from {low} to {high}")
        if "levels" in described:
            for levels, low, high in zip(described["levels"], described["low"], described["high"], strict=True):
                self._check_levels(name, np.array(levels, dtype=np.float32), low, high)
        if "labels" in described:
            require([len(described["labels"])] == described["options"], f"{name} lacks a label of an option")

    @staticmethod
    def _check_levels(name, levels, low, high):
        ends = levels[0] == np.float32(low) and levels[-1] == np.float32(high)
        require(len(levels) > 1 and ends and np.all(np.diff(levels) >= 0), f"{name} has levels beside its range")
        even, margin = np.linspace(low, high, len(levels)), 1e-6 * max(abs(low), abs(high))
        require(np.allclose(levels, even, rtol=1e-6, atol=margin), f"{name} has levels at uneven distances")

    @property
    def values_name(self):
        """What the model gives before the mask; None where nothing is chosen."""
        return VALUES[self.policy] if self.count else None

    @property
    def integers_name(self):
        return {"box": None, "hybrid": "action_discrete"}.get(self.kind, "action")

    @property
    def reals_name(self):
        return {"box": "action", "hybrid": "action_continuous"}.get(self.kind)

    def columns(self):
        """The options of each branch as a slice of the columns of the values."""
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

    def act(self, outputs, mask, state=None):
        """The answer that a network's outputs make: the greatest permitted values, the squashed real numbers."""
        values, numbers = outputs[:, : self.count], outputs[:, self.count :]
        require(numbers.shape[1] == self.squashed, f"the network gives {outputs.shape[1]} values")
        low, high = self.low.astype(np.float64), self.high.astype(np.float64)
        reals = (low + high) / 2 + (high - low) / 2 * np.tanh(numbers) if self.squashed else numbers
        return Answer(values, self._choose(values, mask), reals, state)

    def _choose(self, values, mask):
        """The permitted option of the greatest value in each branch, the lowest on a tie: [rows, branches]."""
        values = np.where(self.permitted(mask, len(values)), values, -np.inf)
        chosen = [np.argmax(values[:, columns], axis=1)[:, None] for columns in self.columns()]
        return np.concatenate([np.empty((len(values), 0), dtype=np.int64), *chosen], axis=1)

    def answer(self, outputs):
        """The answer that a model's outputs by name stand for; a policy of action values gives only levels."""
        rows = len(next(iter(outputs.values())))
        values = outputs[self.values_name] if self.values_name else np.empty((rows, 0), dtype=np.float32)
        shape = (rows, self.count)
        require(values.dtype == np.float32 and values.shape == shape, f"{self.values_name} is {values.shape}")
        choices, reals = [np.empty((rows, 0), dtype=np.int64)], np.empty((rows, 0), dtype=np.float32)
        if self.choices:
            integers = outputs[self.integers_name]
            shape = (rows,) if self.kind != "multi-discrete" else (rows, self.choices)
            require(integers.dtype == np.int64 and integers.shape == shape, f"{self.integers_name} is {integers.shape}")
            choices.append(integers.reshape(rows, self.choices))
        if len(self.low):
            numbers = outputs[self.reals_name]
            shape = (rows, len(self.low))
            require(numbers.dtype == np.float32 and numbers.shape == shape, f"{self.reals_name} is {numbers.shape}")
            inside = (numbers >= self.low) & (numbers <= self.high)
            require(bool(np.all(inside)), f"{self.reals_name} lies outside {self.low} to {self.high}")
            reals = numbers if self.squashed else reals
            choices += [self._levels_of(column, levels) for column, levels in zip(numbers.T, self.levels)]
        return Answer(values, np.concatenate(choices, axis=1), reals, outputs.get("state_out"))

    def _levels_of(self, column, levels):
        same = column[:, None] == levels[None, :]
        require(bool(np.all(same.any(axis=1))), f"{self.reals_name} is no level of {levels}")
        return np.argmax(same, axis=1)[:, None]
