-- Version 3: which objects a grant is limited to, for lists only; what counts is in props.
ALTER TABLE grants ADD COLUMN objects TEXT; -- nameSingular, comma list; '': all; NULL: not known
