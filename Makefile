# make run            builds what is needed and opens the viewer; make run ARGS="compare --help"
# make test           every unit test
# make end-to-end     the program on a pseudo-terminal (needs python3)
# make install        program, manual page and completions: make install PREFIX=$HOME/.local
# make static         a release program that needs no Swift where it runs
# make bench          how fast it is here; make bench ARGS="--quick --only frame"
# make bench-peers    the same beside PyTorch, JAX and POT: installs them once, several GB

.PHONY: run test build static manual install uninstall end-to-end bench bench-peers lint format \
  clean install-headers

PREFIX ?= /usr/local
SHARE = $(DESTDIR)$(PREFIX)/share
MANUAL = .build/manual/flowscope.1

run: build
	@.build/release/flowscope $(ARGS)

build: install-headers
	swift build -c release --product flowscope

static: install-headers
	swift build -c release --static-swift-stdlib --product flowscope

# Written from the program's own help.
manual: build
	@mkdir -p $(dir $(MANUAL))
	@.ci/manual-page .build/release/flowscope > $(MANUAL)

install: build manual
	install -d $(DESTDIR)$(PREFIX)/bin $(SHARE)/man/man1 $(SHARE)/bash-completion/completions \
	  $(SHARE)/zsh/site-functions $(SHARE)/fish/vendor_completions.d
	install -m 755 .build/release/flowscope $(DESTDIR)$(PREFIX)/bin/flowscope
	install -m 644 $(MANUAL) $(SHARE)/man/man1/flowscope.1
	.build/release/flowscope --generate-completion-script bash \
	  > $(SHARE)/bash-completion/completions/flowscope
	.build/release/flowscope --generate-completion-script zsh > $(SHARE)/zsh/site-functions/_flowscope
	.build/release/flowscope --generate-completion-script fish \
	  > $(SHARE)/fish/vendor_completions.d/flowscope.fish

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/flowscope $(SHARE)/man/man1/flowscope.1 \
	  $(SHARE)/bash-completion/completions/flowscope $(SHARE)/zsh/site-functions/_flowscope \
	  $(SHARE)/fish/vendor_completions.d/flowscope.fish

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
