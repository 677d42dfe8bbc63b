"""Writes whole updates of the MADDPG family to Tests/AgentsTests/Fixtures/maddpg-updates.json.

Usage: python make_maddpg_fixtures.py     (torch 2.13)

An independent implementation in PyTorch, in float64 with gradients by autograd. It knows of Edgewise only what decides
which numbers are drawn: Philox4x64-10 (checked against NumPy's), which streams are split for what, and how the ring of
a joint replay is filled. Its inputs are random frames of a small world of three groups, whose slots empty and refill.
"""

import json
import math
from pathlib import Path

import numpy as np
import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
FIXTURE = Path(__file__).resolve().parent.parent / "AgentsTests" / "Fixtures" / "maddpg-updates.json"
WORD = (1 << 64) - 1


def philox(counter, key):
    x, (k0, k1) = list(counter), key
    for _ in range(10):
        a, b = x[0] * 0xD2E7470EE14C6C93, x[2] * 0xCA5A826395121157
        x = [(b >> 64) ^ x[1] ^ k0, b & WORD, (a >> 64) ^ x[3] ^ k1, a & WORD]
        k0, k1 = (k0 + 0x9E3779B97F4A7C15) & WORD, (k1 + 0xBB67AE8584CAA73B) & WORD
    return x


class Stream:
    def __init__(self, key):
        self.key, self.counter, self.words = key, 0, []

    @staticmethod
    def seeded(seed):
        return Stream((seed, 0x7374_7265_616D_0001))

    def split(self, index):
        return Stream(tuple(philox((index, 0, 0, 0x73_706C_6974), self.key)[:2]))

    def next(self):
        if not self.words:
            self.words = philox((self.counter, 0, 0, 0), self.key)
            self.counter += 1
        return self.words.pop(0)

    def integer(self, below):
        while True:
            product = self.next() * below
            if product & WORD >= (1 << 64) % below:
                return product >> 64

    def uniforms(self, rows, columns):
        values = []
        while len(values) < rows * columns:
            word = self.next()
            values += [(half >> 9) * 2.0**-23 + 2.0**-24 for half in (word & 0xFFFF_FFFF, word >> 32)]
        return torch.tensor(values[:rows * columns]).reshape(rows, columns)

    def normal(self):
        a, b = self.next(), self.next()
        return math.sqrt(-2 * math.log(((a >> 11) + 1) * 2.0**-53)) * math.cos(2 * math.pi * (b >> 11) * 2.0**-53)


def check_streams():
    peer = np.random.Philox(key=[42, 0x7374_7265_616D_0001], counter=[WORD] * 4)
    stream = Stream.seeded(42)
    assert [stream.next() for _ in range(9)] == [int(w) for w in peer.random_raw(9)]


GROUPS = [
    {"name": "chooser", "count": 1, "observation": 3, "choices": [3], "ranges": []},
    {"name": "mover", "count": 1, "observation": 2, "choices": [], "ranges": [[-1, 1], [0, 4]]},
    {"name": "mixer", "count": 3, "observation": 2, "choices": [2, 2], "ranges": []},
    {"name": "hybrid", "count": 1, "observation": 2, "choices": [2], "ranges": [[-2, 2]]},
]


def logits(group):
    return sum(group["choices"])


def width(group):
    return logits(group) + len(group["ranges"])


def frames(seed, steps=14):
    """Steps of one environment: an episode that terminates, one that is cut short, and one still running."""
    random = np.random.default_rng(seed)
    number = lambda *shape: np.round(random.uniform(-1, 1, shape), 3)

    def mask(group):
        rows = []
        for _ in range(group["count"]):
            row = []
            for options in group["choices"]:
                part = random.random(options) < 0.6
                part[random.integers(options)] = True
                row += part.tolist()
            rows.append(row)
        return rows

    def present(active=None):
        return [{"observations": number(g["count"], g["observation"]).tolist(), "masks": mask(g),
                 "active": [True] * g["count"] if active is None else active[i]} for i, g in enumerate(GROUPS)]

    result, now, absent = [], present(), 0
    for step in range(steps):
        over = step in (4, 9)
        frame = {"over": over, "groups": []}
        active = []
        for group, part in zip(GROUPS, now):
            rows = range(group["count"])
            ended = [over and step == 4] * group["count"]
            there = [True] * group["count"]
            if group["name"] == "mixer":
                if step in (1, 7):  # Leaves for good and is followed by a newcomer at once.
                    ended[0] = True
                if step in (2, 10):  # Leaves, and the slot stays empty for two steps.
                    ended[1], absent = True, 2
                there[1] = absent == 0
                absent = max(0, absent - 1)
            ended = [bool(e and a) for e, a in zip(ended, part["active"])]
            integers = []
            for row in rows:
                start = 0
                for options in group["choices"]:
                    allowed = [o for o in range(options) if part["masks"][row][start + o]]
                    integers.append(int(random.choice(allowed)))
                    start += options
            reals = [round(float(random.uniform(*r)), 3) for _ in rows for r in group["ranges"]]
            frame["groups"].append({
                **part, "actions": integers, "reals": reals, "ended": ended,
                "rewards": number(group["count"]).tolist(),
            })
            active.append(there)
        following = present() if over else present(active)
        last = present() if over else following
        for part, after in zip(frame["groups"], last):
            # What stands behind an end may be anything.
            part["nextObservations"] = [
                [1e30] * len(row) if end else row for row, end in zip(after["observations"], part["ended"])]
            part["nextMasks"] = after["masks"]
        if over:
            absent = 0
        now = following
        result.append(frame)
    return result


class Ring:
    """What each slot holds: `drawable`, and for each group observations, masks, active, actions, rewards, ended."""

    def __init__(self, capacity, steps):
        self.rows, self.head = [None] * capacity, 0
        self.used = 0
        for frame in steps:
            self.record(frame)

    def record(self, frame):
        slot, following = self.head, (self.head + 1) % len(self.rows)
        self.rows[slot] = {"drawable": True, "groups": frame["groups"]}
        groups = []
        for part in frame["groups"]:
            stays = [a and not e for a, e in zip(part["active"], part["ended"])]
            groups.append({"observations": part["nextObservations"], "masks": part["nextMasks"], "active": stays})
        self.rows[following] = {"drawable": False, "groups": groups}
        self.used = max(self.used, slot + 1, following + 1)
        self.head = (following + 1) % len(self.rows) if frame["over"] else following

    def draw(self, size, stream):
        drawn = []
        while len(drawn) < size:
            row = stream.integer(self.used)
            if self.rows[row]["drawable"]:
                drawn.append(row)
        return drawn


def shapes(inputs, hidden, outputs, layer_norm):
    """The shapes of a perceptron's parameters in their order."""
    result = []
    for units in hidden:
        result += [(units, inputs), (units,)] + ([(units,), (units,)] if layer_norm else [])
        inputs = units
    return result + [(outputs, inputs), (outputs,)]


def split(flat, wanted):
    parts, start = [], 0
    for shape in wanted:
        count = math.prod(shape)
        parts.append(flat[start:start + count].reshape(shape))
        start += count
    assert start == len(flat), (start, len(flat))
    return parts


def perceptron(parts, x, layer_norm):
    size = 4 if layer_norm else 2
    while len(parts) > 2:
        x = F.linear(x, parts[0], parts[1])
        if layer_norm:
            x = F.layer_norm(x, x.shape[-1:], parts[2], parts[3])
        x, parts = torch.tanh(x), parts[size:]
    return F.linear(x, *parts)


def gumbel_softmax(outputs, group, masks, uniforms, temperature):
    """Straight-through: one-hot forward, the derivative of the soft sample backward; numbers through tanh."""
    columns, start = [], 0
    for options in group["choices"]:
        part = slice(start, start + options)
        noisy = outputs[:, part] - torch.log(-torch.log(uniforms[:, part]))
        noisy = noisy.masked_fill(~masks[:, part], -math.inf)
        soft = F.softmax(noisy / temperature, -1)
        columns.append(F.one_hot(noisy.argmax(-1), options) - soft.detach() + soft)
        start += options
    return torch.cat(columns + [torch.tanh(outputs[:, logits(group):])], -1)


class Case:
    def __init__(self, recipe, seed):
        self.recipe, self.seed = recipe, seed
        self.frames = FRAMES
        shared = recipe["sharing"] == "shared"
        self.places = [
            (g, slots) for g, group in enumerate(GROUPS)
            for slots in ([range(group["count"])] if shared else [range(i, i + 1) for i in range(group["count"])])]
        torch.manual_seed(seed)
        count = lambda wanted: sum(math.prod(s) for s in wanted)
        draw = lambda wanted: torch.randn(count(wanted)).mul(0.6).mul(1000).round().div(1000)
        critics = 2 if recipe["twin"] else 1
        self.members = [{
            "actor": [draw(self.actor_shapes(p)) for _ in range(2)],
            "critics": [[draw(self.critic_shapes(p)) for _ in range(2)] for _ in range(critics)],
        } for p in self.places]

    def actor_shapes(self, place):
        group = GROUPS[place[0]]
        return shapes(group["observation"], self.recipe["actorHidden"], width(group), self.recipe["layerNorm"])

    def embedding_shapes(self):
        size = self.recipe["embedding"]
        return [s for g in GROUPS for s in [(size, g["observation"] + width(g)), (size,)]] if size else []

    def head_inputs(self, place):
        group = GROUPS[place[0]]
        own = group["observation"] + width(group)
        if self.recipe["critic"] == "own":
            return own
        if self.recipe["critic"] == "pooled":
            return own + len(GROUPS) * self.recipe["embedding"]
        several = len(place[1]) if len(place[1]) > 1 else 0
        return sum(g["count"] * (g["observation"] + width(g)) for g in GROUPS) + several

    def critic_shapes(self, place):
        head = shapes(self.head_inputs(place), self.recipe["criticHidden"], 1, self.recipe["layerNorm"])
        return self.embedding_shapes() + head

    def gather(self, ring, drawn, place):
        """One set's part of drawn transitions: tensors with a row for each agent and transition, agent after agent."""
        index, slots = place
        group = GROUPS[index]
        following = [(row + 1) % len(ring.rows) for row in drawn]
        pick = lambda rows, key, slot: [ring.rows[r]["groups"][index][key][slot] for r in rows]
        batch = {}
        for name, rows in (("now", drawn), ("next", following)):
            seen = torch.tensor([pick(rows, "observations", s) for s in slots]).flatten(0, 1)
            there = torch.tensor([pick(rows, "active", s) for s in slots]).flatten()
            batch[name] = {
                "observations": torch.where(there[:, None], seen, 0.0), "active": there,
                "masks": torch.tensor([pick(rows, "masks", s) for s in slots]).flatten(0, 1).bool()}
        choices, ranges = len(group["choices"]), group["ranges"]
        actions, rewards, ended = [], [], []
        for slot in slots:
            for row in drawn:
                whole = ring.rows[row]["groups"]
                part = whole[index]
                vector = []
                for choice, options in enumerate(group["choices"]):
                    vector += [float(o == part["actions"][slot * choices + choice]) for o in range(options)]
                for number, (low, high) in enumerate(ranges):
                    value = part["reals"][slot * len(ranges) + number]
                    vector.append((value - (low + high) / 2) / ((high - low) / 2))
                actions.append(vector if part["active"][slot] else [0.0] * width(group))
                everyone = [r for g in whole for r, a in zip(g["rewards"], g["active"]) if a]
                rewards.append({"own": part["rewards"][slot], "sum": sum(everyone),
                                "mean": sum(everyone) / max(len(everyone), 1)}[self.recipe["reward"]])
                ended.append(part["ended"][slot])
        batch["now"]["actions"] = torch.tensor(actions)
        return {**batch, "rewards": torch.tensor(rewards), "ended": torch.tensor(ended)}

    def decide(self, batch, place, online, target, stream):
        """What the target actors do next, and what the actors would do now where it is asked for."""
        recipe, group = self.recipe, GROUPS[place[0]]
        evaluate = lambda flat, moment: perceptron(
            split(flat, self.actor_shapes(place)), moment["observations"], recipe["layerNorm"])
        with torch.no_grad():
            outputs = evaluate(target, batch["next"])
            rows = len(outputs)
            if recipe["target"] == "sampled":
                uniforms = stream.uniforms(rows, logits(group)) if logits(group) else None
            else:  # No noise: equal uniform numbers.
                uniforms = torch.full((rows, logits(group)), 0.5)
            action = gumbel_softmax(outputs, group, batch["next"]["masks"], uniforms, recipe["temperature"])
            deviation, clip = recipe["smoothing"] or (0, 0)
            if deviation > 0 and group["ranges"]:
                noise = torch.tensor([[stream.normal() for _ in group["ranges"]] for _ in range(rows)])
                numbers = action[:, logits(group):] + (noise * deviation).clamp(-clip, clip)
                action = torch.cat([action[:, :logits(group)], numbers.clamp(-1, 1)], -1)
            batch["next"]["actions"] = torch.where(batch["next"]["active"][:, None], action, 0.0)
            if recipe["others"] == "current":
                uniforms = stream.uniforms(rows, logits(group)) if logits(group) else None
                action = gumbel_softmax(
                    evaluate(online, batch["now"]), group, batch["now"]["masks"], uniforms, recipe["temperature"])
                batch["now"]["current"] = torch.where(batch["now"]["active"][:, None], action, 0.0)

    def value(self, flat, number, batches, moment, actions, own=None):
        """Q for every row of a set; `own` stands in the place of the row's own action."""
        recipe, place = self.recipe, self.places[number]
        size, slots = recipe["batchSize"], place[1]
        parts = split(flat, self.critic_shapes(place))
        mine = batches[number][moment]
        given = mine[actions] if own is None else own
        alone = torch.cat([mine["observations"], given], -1)
        if recipe["critic"] == "own":
            return perceptron(parts, alone, recipe["layerNorm"])[:, 0]
        if recipe["critic"] == "joint":
            rows = []
            for agent in range(len(slots)):
                seen = [b[moment]["observations"].reshape(-1, size, b[moment]["observations"].shape[1])
                        for b in batches]
                done = [b[moment][actions].reshape(-1, size, b[moment][actions].shape[1]) for b in batches]
                if own is not None:
                    done[number] = done[number].clone()
                    done[number][agent] = own.reshape(len(slots), size, -1)[agent]
                row = [part for whole in seen for part in whole] + [part for whole in done for part in whole]
                if len(slots) > 1:
                    row.append(F.one_hot(torch.full((size,), agent), len(slots)))
                rows.append(torch.cat(row, -1))
            return perceptron(parts, torch.cat(rows), recipe["layerNorm"])[:, 0]
        embeddings = []
        head = parts[2 * len(GROUPS):]
        for g in range(len(GROUPS)):
            members = [b[moment] for b, p in zip(batches, self.places) if p[0] == g]
            features = torch.cat([torch.cat([m["observations"], m[actions]], -1) for m in members])
            there = torch.cat([m["active"] for m in members]).reshape(-1, size)
            embedded = torch.relu(F.linear(features, parts[2 * g], parts[2 * g + 1])).reshape(len(there), size, -1)
            embeddings.append((embedded, there))
        rows = []
        for slot in slots:
            columns = []
            for g, (embedded, there) in enumerate(embeddings):
                counts = there.clone()
                if g == place[0]:
                    counts[slot] = False
                total = (embedded * counts[:, :, None]).sum(0)
                columns.append(total / counts.sum(0).clamp(min=1)[:, None])
            rows.append(torch.cat(columns, -1))
        return perceptron(head, torch.cat([alone, torch.cat(rows)], -1), recipe["layerNorm"])[:, 0]

    def run(self):
        recipe = self.recipe
        ring = Ring(recipe["capacity"], self.frames)
        root = Stream.seeded(self.seed)
        sampling, own, decisions = root.split(2), root.split(3), root.split(4)
        sets = range(len(self.places))
        shares = recipe["indices"] == "shared"
        streams = [own.split(m).split(1) for m in sets]
        batch_streams = [decisions.split(m) for m in sets]
        # A set that draws for itself decides for all others by streams of its own.
        own_streams = [[own.split(m).split(2 + b) for b in sets] for m in sets]
        before = json.loads(json.dumps([self.flat(m) for m in self.members]))
        losses = []
        for update in range(1, recipe["updates"] + 1):
            published = [[p.clone() for p in m["actor"]] for m in self.members]
            if shares:
                batches = self.prepare(ring, ring.draw(recipe["batchSize"], sampling), published, batch_streams)
            for number in sets:
                if not shares:
                    drawn = ring.draw(recipe["batchSize"], streams[number])
                    batches = self.prepare(ring, drawn, published, own_streams[number])
                losses.append(self.learn(number, batches, streams[number], update))
        return {**recipe, "seed": self.seed, "before": before,
                "after": [self.flat(m) for m in self.members], "losses": losses}

    def prepare(self, ring, drawn, published, streams):
        batches = [self.gather(ring, drawn, place) for place in self.places]
        for number, place in enumerate(self.places):
            self.decide(batches[number], place, *published[number], streams[number])
        return batches

    def learn(self, number, batches, stream, update):
        recipe, member, batch = self.recipe, self.members[number], batches[number]
        group = GROUPS[self.places[number][0]]
        active = batch["now"]["active"]
        assert active.any()
        weights = active / active.sum()
        turn = update % recipe["delay"] == 0
        with torch.no_grad():
            following = torch.stack([
                self.value(target, number, batches, "next", "actions") for _, target in member["critics"]]).amin(0)
            y = batch["rewards"] + recipe["discount"] * torch.where(batch["ended"], 0.0, following)
        figures = []
        for critic in member["critics"]:
            flat = critic[0].clone().requires_grad_()
            loss = (weights * (self.value(flat, number, batches, "now", "actions") - y) ** 2).sum()
            loss.backward()
            self.step(critic, flat.grad, recipe["criticRate"], turn)
            figures.append(loss.item())
        if not turn:
            return figures[:1]
        flat = member["actor"][0].clone().requires_grad_()
        outputs = perceptron(
            split(flat, self.actor_shapes(self.places[number])), batch["now"]["observations"], recipe["layerNorm"])
        uniforms = stream.uniforms(len(outputs), logits(group)) if logits(group) else None
        masks = batch["now"]["masks"]
        action = gumbel_softmax(outputs, group, masks, uniforms, recipe["temperature"])
        others = "current" if recipe["others"] == "current" else "actions"
        objective = (weights * self.value(member["critics"][0][0], number, batches, "now", others, own=action)).sum()
        counted = torch.cat([masks, torch.ones(len(outputs), len(group["ranges"]), dtype=bool)], -1)
        squares = torch.where(counted, outputs, 0.0).square().sum(-1) / counted.sum(-1)
        (recipe["regularization"] * (weights * squares).sum() - objective).backward()
        self.step(member["actor"], flat.grad, recipe["actorRate"], True)
        return figures[:1] + [-objective.item()]

    def step(self, parameters, gradient, rate, drags):
        parameters[0] = parameters[0] - rate * gradient
        if drags:
            tau = self.recipe["tau"]
            parameters[1] = (1 - tau) * parameters[1] + tau * parameters[0]

    def flat(self, member):
        return {"actor": [p.tolist() for p in member["actor"]],
                "critics": [[p.tolist() for p in c] for c in member["critics"]]}


PLAIN = {
    "name": "maddpg", "critic": "joint", "embedding": 0, "twin": False, "delay": 1, "smoothing": None,
    "sharing": "individual", "indices": "individual", "others": "replayed", "target": "sampled", "reward": "own",
    "temperature": 1.0, "regularization": 0.1, "layerNorm": False, "actorHidden": [4], "criticHidden": [3],
    "batchSize": 7, "capacity": 12, "updates": 2, "discount": 0.9, "tau": 0.25, "actorRate": 0.5, "criticRate": 0.1,
}

FRAMES = frames(seed=1)
CASES = [
    {},
    {"sharing": "shared", "indices": "shared", "others": "current", "reward": "mean", "temperature": 0.5},
    {"name": "matd3", "twin": True, "delay": 2, "smoothing": [0.5, 0.3], "indices": "shared", "updates": 4},
    {"name": "matd3", "twin": True, "delay": 2, "smoothing": [0.0, 0.3], "sharing": "shared", "updates": 2,
     "others": "current", "batchSize": 9},
    {"name": "iddpg", "critic": "own", "target": "greedy", "reward": "sum", "layerNorm": True, "tau": 1.0},
    {"critic": "pooled", "embedding": 3, "sharing": "shared", "actorHidden": [4, 3]},
    {"critic": "pooled", "embedding": 3, "indices": "shared", "others": "current", "criticHidden": [3, 4]},
    {"name": "iddpg", "critic": "own", "sharing": "shared", "indices": "shared", "capacity": 40},
    {"others": "current", "updates": 1},
]


def shorten(value):
    if isinstance(value, float):
        return float(f"{value:.8g}")
    if isinstance(value, list):
        return [shorten(v) for v in value]
    return {k: shorten(v) for k, v in value.items()} if isinstance(value, dict) else value


if __name__ == "__main__":
    check_streams()
    cases = [Case({**PLAIN, **change}, seed=number + 1).run() for number, change in enumerate(CASES)]
    origin = f"torch {torch.__version__}"
    FIXTURE.write_text(json.dumps(shorten({"origin": origin, "groups": GROUPS, "frames": FRAMES, "cases": cases})) + "\n")
    print(FIXTURE.name, FIXTURE.stat().st_size)
