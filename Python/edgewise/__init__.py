"""Edgewise's environments from Python.

    env = edgewise.make("classic-control/CartPole-v1")                    # gymnasium.Env
    envs = edgewise.make_vec("classic-control/CartPole-v1", num_envs=64)  # gymnasium.vector.VectorEnv
    env = edgewise.parallel_env("vehicular/trace-offloading")             # pettingzoo.ParallelEnv
    worlds = edgewise.Worlds("vehicular/trace-offloading", 8)             # the memory itself, all agents at once

Only NumPy is needed; gymnasium and pettingzoo are imported when their kind of environment is asked for.
"""

from .library import EdgewiseError
from .worlds import Worlds

__all__ = ["EdgewiseError", "Worlds", "make", "make_vec", "parallel_env"]


def make(scenario, **settings):
    """A scenario with one agent as a `gymnasium.Env`; see `edgewise.single.SingleEnv`."""
    from .single import SingleEnv

    return SingleEnv(scenario, **settings)


def make_vec(scenario, num_envs=1, **settings):
    """Copies of a scenario with one agent as a `gymnasium.vector.VectorEnv`; see `edgewise.vector.BatchedEnv`."""
    from .vector import BatchedEnv

    return BatchedEnv(scenario, num_envs, **settings)


def parallel_env(scenario, **settings):
    """A scenario as a `pettingzoo.ParallelEnv`; see `edgewise.parallel.ManyAgentsEnv`."""
    from .parallel import ManyAgentsEnv

    return ManyAgentsEnv(scenario, **settings)
