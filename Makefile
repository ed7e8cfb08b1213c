# make run            builds what is needed and opens the viewer; make run ARGS="compare --help"
# make test           every unit test
# make end-to-end     the program on a pseudo-terminal (needs python3)

.PHONY: run test build end-to-end lint format clean install-headers

run: build
	@.build/release/flowscope $(ARGS)

build: install-headers
	swift build -c release --product flowscope

test: install-headers
	swift test

end-to-end: build
	Tests/EndToEnd/run

lint:
	swift format lint --strict -r Sources Tests Package.swift

format:
	swift format --in-place -r Sources Tests Package.swift

# Installs the ncurses headers where they are missing; silent where they are there.
install-headers:
	@.ci/install-headers

clean:
	swift package clean
