// Shared between the files of this target; not seen by Swift.
#ifndef CTERMINAL_INTERNAL_H
#define CTERMINAL_INTERNAL_H

#include <stdatomic.h>
#include <stddef.h>

#include "CTerminal.h"

// tty.c: the descriptors and their modes -------------------------------------------------------

/// Opens the terminal behind stdout for writing and the one for keys; −1 and errno on failure.
int ct_tty_open(void);
void ct_tty_close(void);
int ct_tty_out(void);
int ct_tty_in(void);
/// Raw keys and no output processing; signals from the keyboard stay.
void ct_tty_raw(void);
/// All bytes or as many as go out within `milliseconds` (−1: until a signal or the end). Returns
/// 0, −1 when the terminal is gone, −2 when a signal cut it short.
int ct_tty_write(const char *bytes, size_t count, int milliseconds);
/// A file without a name, closed on exec, for what must not be on disk; −1 and errno on failure.
int ct_memory(const char *name);
/// Redirects stderr into memory while the screen is up, where it would go to the terminal.
void ct_stderr_capture(void);
/// Async-signal-safe: puts stderr back and copies what was captured to it.
void ct_stderr_release(void);
/// Async-signal-safe: leaves the screen and restores the modes through a descriptor of its own,
/// once; with `forbid` nothing that another thread still writes reaches the terminal.
void ct_tty_restore(bool forbid);
/// What enters and leaves the screen; copied.
void ct_tty_sequences(const char *enter, const char *leave);
/// Writes the entering sequence and marks the terminal as taken.
void ct_tty_enter(void);

// signals.c ------------------------------------------------------------------------------------

int ct_signals_prepare(void);  // the wake pipe
void ct_signals_install(void);
void ct_signals_remove(void);
int ct_wake_descriptor(void);
/// Flags of ct_wait that signals have raised, cleared by reading.
unsigned ct_signals_take(void);
bool ct_signals_pending(void);
bool ct_signals_suspend_wanted(void);
void ct_signals_mark_gone(void);
/// Stops the process the way Ctrl-Z would have.
void ct_signals_stop_process(void);

// description.c: terminfo ------------------------------------------------------------------------

/// Asks terminfo before newterm does: it tells the reasons apart and touches nothing.
ct_status ct_description_check(const char *term);
/// A program on a screen, not hardware or the kernel's console, which know no queries.
bool ct_description_is_emulator(const char *term);
/// Works out what enters and leaves the screen, for tty.c to keep.
void ct_description_sequences(bool synchronised, bool mouse, int rows);

// pairs.c, keys.c: parts of ncurses -------------------------------------------------------------

void ct_pairs_start(bool colors);
/// Whether the next frame might run out of numbers for pairs of colours.
bool ct_pairs_scarce(void);
/// Starts numbering anew; the whole screen must be put again.
void ct_pairs_forget(void);
/// The number of a pair; may add bold where that is how a colour is shown.
int ct_pair(int32_t foreground, int32_t background, unsigned *attributes);
void ct_keys_start(void);

#endif
