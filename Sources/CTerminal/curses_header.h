// The one place that includes <curses.h>. Where it is missing, curses.c says so in one line and the
// other files are empty: a page of what follows from it would help nobody.
#ifndef CTERMINAL_CURSES_HEADER_H
#define CTERMINAL_CURSES_HEADER_H
#if !__has_include(<curses.h>)
#define CT_HAVE_CURSES 0
#else
#define CT_HAVE_CURSES 1
#define NCURSES_WIDECHAR 1
#include <curses.h>
// Colours beyond 256 and pairs beyond 32 767 came with ncurses 6.1; macOS ships an older one.
#if defined(NCURSES_EXT_COLORS) && NCURSES_EXT_COLORS && NCURSES_VERSION_PATCH >= 20180127
#define CT_EXTENDED_COLORS 1
#else
#define CT_EXTENDED_COLORS 0
#endif

#include <stdint.h>
#include <stdio.h>

/// newterm with 24-bit colour where the environment promises it, else with what TERM says; in
/// description.c.
SCREEN *ct_description_open(const char *term, int width, int height, int32_t most_colors,
                            FILE *output, FILE *input);

#endif
#endif
