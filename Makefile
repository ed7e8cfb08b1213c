# make run            builds what is needed and opens the viewer; make run ARGS="compare --help"
# make test           every unit test
# make end-to-end     the program on a pseudo-terminal (needs python3)
# make bench          how fast it is here; make bench ARGS="--quick --only frame"
# make bench-peers    the same beside PyTorch, JAX and POT: installs them once, several GB

.PHONY: run test build end-to-end bench bench-peers lint format clean install-headers

run: build
	@.build/release/flowscope $(ARGS)

build: install-headers
	swift build -c release --product flowscope

test: install-headers
	swift test

end-to-end: build
	Tests/EndToEnd/run

bench: build
	@.build/release/flowscope bench $(ARGS)

bench-peers: build
	@Benchmarks/compare $(ARGS)

lint:
	swift format lint --strict -r Sources Tests Package.swift

format:
	swift format --in-place -r Sources Tests Package.swift

# Installs the ncurses headers where they are missing; silent where they are there.
install-headers:
	@.ci/install-headers

clean:
	swift package clean
