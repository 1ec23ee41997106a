// Loaded into a client's process, lets an hour pass there as soon as the file exists that
// MATRIX_CLOCK names: for clients that refresh by the clock and not when they are refused.
import { existsSync } from 'node:fs';

const now = Date.now;
Date.now = () => now() + (existsSync(process.env.MATRIX_CLOCK ?? '') ? 3_600_000 : 0);
