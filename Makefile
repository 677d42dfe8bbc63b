# Three targets: demo, test, and the long runs (learn, soak). Nothing else is needed to start.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:

# One set of build flags. AVX2 where the processor has it; OpenBLAS picks its own kernels at run time.
ARCHITECTURE := $(shell grep -qs avx2 /proc/cpuinfo && echo -Xcc -march=x86-64-v3)
# Where OpenMPI is installed, federations run over its processes too.
TRAITS = $(shell pkg-config --exists ompi-c 2>/dev/null && echo --traits MPI)
FLAGS = -c release $(ARCHITECTURE) $(TRAITS)
VENV := .venv
PYTHON := $(VENV)/bin/python
EDGEWISE = $(shell swift build $(FLAGS) --show-bin-path)/edgewise

.PHONY: all build demo mpi test swift-tests interoperability lint smoke learn learn-python soak packages python clean

all: build

build: packages
	swift build $(FLAGS)

# What the build needs from the system; says so when it may not install it.
packages:
	@.ci/install-packages libopenblas-dev libhdf5-dev zlib1g-dev libexpat1-dev libssl-dev pkg-config

# What federations over several processes need: worth having for the tests, not needed to build.
mpi:
	@.ci/install-packages openmpi-bin libopenmpi-dev || echo "federations over MPI are not tested: OpenMPI is missing"

# Trains a small vehicular policy, sets it beside the rules used today, and exports it.
demo: build
	.ci/demo $(EDGEWISE)

test: packages mpi swift-tests lint smoke interoperability
	@echo "make test: everything passed"

swift-tests: packages
	swift build $(FLAGS) --build-tests
	EDGEWISE_INTEROP_DIR=$(CURDIR)/.build/interoperability swift test $(FLAGS) --skip-build

lint:
	swift format lint --strict --configuration .swift-format --recursive Sources Tests Package.swift

smoke: build
	.ci/smoke $(EDGEWISE)

interoperability: build python
	Tests/Interoperability/run.sh $(EDGEWISE) $(PYTHON)

python: packages
	@.ci/install-python $(VENV) Tests/Interoperability/requirements.txt

# The long learning results; some three hours on two cores.
learn: build
	.ci/learn $(EDGEWISE)

# Stable-Baselines3's DQN on two scenarios, in a Python that has it: make learn-python PYTHON=…
learn-python: build
	EDGEWISE_LIBRARY=$(dir $(EDGEWISE))libEdgewiseEnvironments.so $(PYTHON) Tests/Interoperability/train_with_sb3.py

# The long robustness run.
soak: build
	.ci/soak $(EDGEWISE)

clean:
	rm -rf .build $(VENV) Runs
