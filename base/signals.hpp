// Signals are the serving thread's.
#pragma once

// For a thread of its own, as its first step: no signal comes here. SIGPIPE is of use to none,
// because write() reports the same.
void take_no_signals();
