# make run            builds what is needed and opens the viewer; make run ARGS="compare --help"
# make test           every unit test
# make end-to-end     the program on a pseudo-terminal (needs python3)
# make install        program, manual page and completions: make install PREFIX=$HOME/.local
# make static         a release program that needs no Swift where it runs
# make deb            a Debian package of that program, in .build/deb
# make bench          how fast it is here; make bench ARGS="--quick --only frame"
# make bench-peers    the same beside PyTorch, JAX and POT: installs them once, several GB
# make maps-table     flow maps on the checkerboard in 1 … 16 steps, beside what is published: ten minutes

.PHONY: run test build static deb manual install uninstall end-to-end bench bench-peers maps-table lint format \
  clean install-headers

PREFIX ?= /usr/local
SHARE = $(DESTDIR)$(PREFIX)/share
MANUAL = .build/manual/flowscope.1
PROGRAM = .build/release/flowscope

run: build
	@.build/release/flowscope $(ARGS)

build: install-headers
	swift build -c release --product flowscope

static: install-headers
	swift build -c release --static-swift-stdlib --product flowscope

deb: static
	@packaging/make-deb

# Written from the program's own help.
manual: build
	@mkdir -p $(dir $(MANUAL))
	@.ci/manual-page "$(PROGRAM)" > $(MANUAL)

# Names of folders may hold blanks.
install: build manual
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(SHARE)/man/man1" "$(SHARE)/bash-completion/completions" \
	  "$(SHARE)/zsh/site-functions" "$(SHARE)/fish/vendor_completions.d"
	install -m 755 "$(PROGRAM)" "$(DESTDIR)$(PREFIX)/bin/flowscope"
	install -m 644 $(MANUAL) "$(SHARE)/man/man1/flowscope.1"
	"$(PROGRAM)" --generate-completion-script bash \
	  > "$(SHARE)/bash-completion/completions/flowscope"
	"$(PROGRAM)" --generate-completion-script zsh \
	  > "$(SHARE)/zsh/site-functions/_flowscope"
	"$(PROGRAM)" --generate-completion-script fish \
	  > "$(SHARE)/fish/vendor_completions.d/flowscope.fish"

uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/flowscope" "$(SHARE)/man/man1/flowscope.1" \
	  "$(SHARE)/bash-completion/completions/flowscope" "$(SHARE)/zsh/site-functions/_flowscope" \
	  "$(SHARE)/fish/vendor_completions.d/flowscope.fish"

test: install-headers
	swift test

end-to-end: build
	Tests/EndToEnd/run

bench: build
	@.build/release/flowscope bench $(ARGS)

bench-peers: build
	@Benchmarks/compare $(ARGS)

maps-table: build
	@Benchmarks/maps_table $(ARGS)

lint:
	swift format lint --strict -r Sources Tests Package.swift

format:
	swift format --in-place -r Sources Tests Package.swift

# Installs the ncurses headers where they are missing; silent where they are there. What was built in
# a checkout that has moved since names the old place, and is made anew.
install-headers:
	@.ci/install-headers
	@.ci/forget-moved-build

clean:
	swift package clean
