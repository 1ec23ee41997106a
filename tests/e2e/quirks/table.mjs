// The whole table. What a row has:
//   name     short, for whoever speaks of it
//   says     the test's title: what is done and what comes of it
//   clients  who was seen to do it; a "-" where the reports do not say
//   reports  where: owner/repository#number, on the site where all of them are
//   rule     what this server does about it, and by which section
//   answer   what must come back
// and what is sent, by one of
//   tool     a call of that tool with `args` (`json`: the arguments as they are written)
//   register a client's metadata
//   login    a journey through a person's browser; see probe.mjs
//   else     an HTTP request: method, path, headers, body; POST of a ping to /mcp where it says
//            nothing. `as`: nobody (no token) or session (a fresh one); `steps` follow each other.
// `each` has variants, laid over the row one after the other. $url is the server's, $access
// the token of a connection that may write.
import { rows as called } from './arguments.mjs';
import { rows as oauth } from './oauth.mjs';
import { rows as protocol } from './protocol.mjs';
import { rows as registered } from './registration.mjs';
import { rows as wire } from './wire.mjs';

export const rows = [...wire, ...protocol, ...registered, ...oauth, ...called];
