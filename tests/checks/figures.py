"""Which constant of the code stands behind which figure of a document.

A row: the document; the words around its figure, which is the one group of the pattern; and the
constants that add up to it. A constant is named by its file's stem, so that a file may move, and
by a pattern around its value. house.py compares them (rule `figures`).
"""
import re

FIGURES = [
    ("limits", r"wait for a person \| (10 minutes)", [("approvals", r"minutes lasts\{(.*?)\}")]),
    ("limits", r"10 minutes, (\d+) of a connection, 2,000",
     [("approvals", r"most_of_connection = (.*?);")]),
    ("limits", r"of a connection, ([\d,]+) and 16 MiB in all",
     [("approvals", r"most = (.*?);")]),
    ("limits", r"2,000 and (16 MiB) in all", [("approvals", r"most_bytes = (.*?);")]),
    ("limits", r"brought, remembered \| (16 minutes)",
     [("approvals", r"minutes remembered\{(.*?)\}")]),
    ("limits", r"16 minutes, ([\d,]+) of a connection", [("approvals", r"most_remembered = (.*?);")]),
    ("limits", r"a merge \| (9) records", [("duplicates", r"most_merged = (.*?);")]),
    ("limits", r"by (\d+) values of a field", [("telling", r"most_values_asked = (.*?);")]),
    ("limits", r"of all others what (\d+) values",
     [("duplicates_read", r"most_repeated = (.*?);")]),
    ("stored-data", r"for (30 days)\s+\(TWENTY_MCP_JOURNAL_DAYS",
     [("change", r"hours age\{(.*?)\}")]),
    ("limits", r"journal of changes \| (30 days)", [("change", r"hours age\{(.*?)\}")]),
    ("privacy", r"for (30 days), so that it can", [("change", r"hours age\{(.*?)\}")]),
    ("privacy", r"names of records, sealed \| who connected; the people in the CRM \| (30 days)",
     [("change", r"hours age\{(.*?)\}")]),
    ("stored-data", r"of a connection at most ([\d,]+) changes",
     [("change", r"most_changes_of_grant = (.*?);")]),
    ("stored-data", r"next sweep at the latest \(every (ten minutes)",
     [("settings", r"minutes sweep_every\{(.*?)\}")]),
    ("limits", r"of a connection in it \| ([\d,]+) changes",
     [("change", r"most_changes_of_grant = (.*?);")]),
    ("limits", r"changes, and a (\d+)th of the bytes",
     [("change", r"grants_part_of_changes = (.*?);")]),
    ("limits", r"one change in it \| (\d+) records", [("changes", r"most_change_ids = (.*?);")]),
    ("limits", r"records, (1 MiB) before", [("changes", r"most_change_body = (.*?);")]),
    ("limits", r"takes nothing \| ([\d,]+), with", [("store_changes", r"most_ends = (.*?);")]),
    ("limits", r"10,000, with (16 MiB)", [("store_changes", r"most_ends_bytes = (.*?);")]),
    ("limits", r"list of changes \| (\d+),", [("changes", r"most_changes_listed = (.*?);")]),
    ("limits", r"list of changes \| 200, and (32 MiB)", [("change", r"most_listed_bytes = (.*?);")]),
    ("troubleshooting", r"says so for (ten minutes)", [("sessions", r"minutes clock_told\{(.*?)\}")]),
    ("troubleshooting", r"For (an hour) after a jump", [("settings", r"minutes sweep_waits\{(.*?)\}")]),
    ("stored-data", r"access: (its hour)", [("types", r"seconds access\{(.*?)\}")]),
    ("stored-data", r"code: (15 minutes) \(it", [("types", r"seconds code\{(.*?)\}"),
                                                  ("sweep", r"replay_window = (.*?);")]),
    ("stored-data", r"\(it is good for (5), and then",
     [("types", r"seconds code\{(.*?)\}")], 60),
    ("stored-data", r"(30 days) without use,", [("types", r"hours refresh_idle\{(.*?)\}")]),
    ("stored-data", r"at most (\d+) for a connection", [("sessions", r"kept_sessions = (.*?);")]),
    ("stored-data", r"(90 days), and at most the last",
     [("audit", r"hours audit_kept\{(.*?)\}")]),
    ("stored-data", r"at most the last ([\d,]+) of a kind",
     [("audit", r"audit_rows_of_a_kind = (.*?);")]),
    ("stored-data", r"unused for (30 days)", [("types", r"hours refresh_idle\{(.*?)\}")]),
    ("stored-data", r"after (180 days)", [("types", r"hours refresh_absolute\{(.*?)\}")]),
    ("stored-data", r"workspace is kept for (an hour)",
     [("settings", r"minutes schema_ttl\{(.*?)\}")]),
    ("stored-data", r"Twenty took for (\d+ minutes)",
     [("key_check", r"minutes remembered\{(.*?)\}")]),
    ("stored-data", r"and goes after (90 days)", [("audit", r"hours audit_kept\{(.*?)\}")]),
    ("architecture", r"more than (two seconds) ago",
     [("settings", r"seconds schema_check_gap\{(.*?)\}")]),
    ("architecture", r"at most every (half minute)",
     [("settings", r"seconds schema_refresh_gap\{(.*?)\}")]),
    ("architecture", r"access token \| (1 hour)", [("types", r"seconds access\{(.*?)\}")]),
    ("architecture", r"authorization code \| (5 minutes)", [("types", r"seconds code\{(.*?)\}")]),
    ("architecture", r"refresh token, unused \| (30 days)",
     [("types", r"hours refresh_idle\{(.*?)\}")]),
    ("architecture", r"refresh token, at most \| (180 days)",
     [("types", r"hours refresh_absolute\{(.*?)\}")]),
    ("architecture", r"repeat of a rotation \| (60 seconds)",
     [("types", r"seconds rotation_grace\{(.*?)\}")]),
    ("architecture", r"successor is in use \| (10 seconds)",
     [("types", r"seconds rotation_race\{(.*?)\}")]),
    ("stored-data", r"refresh: (a minute) after it is spent",
     [("types", r"seconds rotation_grace\{(.*?)\}")]),
    ("threat-model", r"old token is good for (ten seconds)",
     [("types", r"seconds rotation_race\{(.*?)\}")]),
    ("architecture", r"consent form \| (15 minutes)",
     [("types", r"seconds authorization\{(.*?)\}")]),
    ("architecture", r"no compression, (5 KiB) and",
     [("client_document", r"max_document_bytes = (.*?);")]),
    ("architecture", r"KiB and (5 seconds)", [("document_fetch", r"milliseconds deadline\{(.*?)\}")]),
    ("architecture", r"good documents for (5 minutes) to",
     [("client_document", r"shortest_life = (.*?);")]),
    ("architecture", r"minutes to (a day) \(", [("client_document", r"longest_life = (.*?);")]),
    ("architecture", r"\(and (a day) longer", [("client_documents", r"hours still_good\{(.*?)\}")]),
    ("architecture", r"no new one\), at most (\d+);",
     [("client_documents", r"max_documents = (.*?);")]),
    ("architecture", r"at once: (\d+) slots", [("client_documents", r"any_host_slots = (.*?);")]),
    ("architecture", r"and (\d+) more for", [("client_documents", r"known_host_slots = (.*?);")]),
    ("threat-model", r"a head of (16 KiB) and a",
     [("server", r"size_t header_bytes = (.*?);")]),
    ("threat-model", r"a message of (16 KiB); a",
     [("server", r"unchecked_body_bytes = (.*?);")]),
    ("threat-model", r"past (60) bad tokens", [("limits", r'"bad_token", (\d+),')]),
    ("threat-model", r"60 bad tokens (a minute)", [("limits", r'"bad_token", \d+, (\w+)')]),
    ("threat-model", r"its path takes, (16 KiB) where", [("router", r"least_bytes = (.*?);")]),
    ("threat-model", r"(64 MiB) for all large bodies", [("server", r"max_body_bytes = (.*?);")]),
    ("threat-model", r"\| (64) for an address, its network",
     [("server", r"size_t max_connections_per_peer = (.*?);")]),
    ("threat-model", r"in a queue of (1 MiB) that", [("line_writer", r"max_waiting = (.*?);")]),
    ("threat-model", r"(12) questions about keys and \d+ documents",
     [("schema_query", r"key_checks_at_once = (.*?);")]),
    ("threat-model", r"questions about keys and (\d+) documents",
     [("client_documents", r"any_host_slots = (.*?);")]),
    ("threat-model", r"of the (\d+) slots and a rate",
     [("schema_query", r"key_checks_at_once = (.*?);")]),
    ("threat-model", r"consent page \| (five) refusals",
     [("limits", r'"failed_key", (\d+),')]),
    ("threat-model", r"block an address for (a quarter of an hour)",
     [("limits", r'"failed_key", \d+, \w+, (\w+)')]),
    ("threat-model", r"in constant time, (five) tries",
     [("limits", r'"failed_admin", (\d+),')]),
    ("threat-model", r"past (a hundred) failures an hour",
     [("limits", r'"failed_admin_all", (\d+),')]),
    ("threat-model", r"failures (an hour)", [("limits", r'"failed_admin_all", \d+, (\w+)')]),
    ("threat-model", r"good once, for (five minutes)", [("types", r"seconds code\{(.*?)\}")]),
    ("threat-model", r"Within (a minute), while",
     [("types", r"seconds rotation_grace\{(.*?)\}")]),
    ("architecture", r"(Five) failures within",
     [("settings", r"restarts_allowed = (.*?);")]),
    ("architecture", r"failures within (a minute)",
     [("settings", r"seconds restarts_window\{(.*?)\}")]),
    ("admin", r"one row for (an hour),", [("audit", r"\{admin_called, \S+ (\w+),")]),
    ("admin", r"counts up in one row for (an hour)\.",
     [("audit", r"\{refresh_repeated, \S+ (\w+),")]),
    ("admin", r"network for (a minute)", [("audit", r"\{wrong_admin_token, \S+ (\w+),")]),
    ("admin", r"(Five) wrong tokens", [("limits", r'"failed_admin", (\d+),')]),
    ("admin", r"within (five minutes) block", [("limits", r'"failed_admin", \d+, (\w+)')]),
    ("admin", r"an address for (half an hour)",
     [("limits", r'"failed_admin", \d+, \w+, (\w+)')]),
    ("admin", r"may call (\d+) times", [("limits", r'"admin", (\d+),')]),
    ("admin", r"times (a minute)", [("limits", r'"admin", \d+, (\w+)')]),
    ("threat-model", r"(64 KiB) of a head", [("probe", r"most_of_a_head = (.*?);")]),
    ("threat-model", r"(16 MiB) of a body", [("probe", r"most_of_a_body = (.*?);")]),
    ("admin", r"more than ([\d,]+) tokens in a line", [("lint", r"most_line_tokens = (.*?);")]),
    ("admin", r"in a line, ([\d,]+) in all", [("lint", r"most_text_tokens = (.*?);")]),
    ("admin", r"(\d+) findings are told", [("lint", r"most_findings = (.*?);")]),
    ("admin", r"the last (ten) versions", [("uploads", r"kept_versions = (.*?);")]),
    ("admin", r"may be (\d+) skills", [("upload", r"most_skills = (.*?);")]),
    ("admin", r"removed the latest (\d+) keep", [("upload", r"most_skills = (.*?);")]),
    ("stored-data", r"until (\d+) others were removed", [("upload", r"most_skills = (.*?);")]),
    ("admin", r"of (\d+) files and", [("skill", r"most_skill_files = (.*?);")]),
    ("admin", r"files and ([\d,]+) bytes each", [("skill", r"most_skill_bytes = (.*?);")]),
    ("admin", r"data model is kept for (an hour)",
     [("settings", r"minutes schema_ttl\{(.*?)\}")]),
    ("backup", r"mostly within (an hour)", [("types", r"seconds access\{(.*?)\}")]),
    ("admin", r"kept for (90 days)", [("audit", r"hours audit_kept\{(.*?)\}")]),
    ("admin", r"at most the last ([\d,]+) of a kind",
     [("audit", r"audit_rows_of_a_kind = (.*?);")]),
    ("limits", r"its head \| (16 KiB)", [("server", r"size_t header_bytes = (.*?);")]),
    ("limits", r"header fields \| (\d+)", [("server", r"size_t max_headers = (.*?);")]),
    ("limits", r"with the query \| (\d+) bytes", [("request_rules", r"target\.size\(\) > (\d+)\)")]),
    ("limits", r"an access token \| (\d+) bytes", [("respond", r"token\.size\(\) > (\d+) ")]),
    ("limits", r"at `/mcp` \| (1 MiB)", [("routes", r"message_bytes = (.*?);")]),
    ("limits", r"at `/authorize` \| (64 KiB)", [("routes", r"consent_bytes = (.*?);")]),
    ("limits", r"`/connections` \| (16 KiB)", [("routes", r"form_bytes = (.*?);")]),
    ("limits", r"at `/register` \| (16 KiB)", [("client", r"max_registration_bytes = (.*?);")]),
    ("limits", r"`/admin/primer` \| ([\d,]+) bytes", [("admin_api", r"max_primer_bytes = (.*?);")]),
    ("limits", r"`/admin/skills` \| (640 KiB)", [("admin_skills", r"max_skill_body_bytes = (.*?);")]),
    ("limits", r"large bodies in all \| (64 MiB)", [("server", r"size_t max_body_bytes = (.*?);")]),
    ("limits", r"being written, in all \| (64 MiB)",
     [("server", r"size_t max_answer_bytes = (.*?);")]),
    ("limits", r"values in a message \| ([\d,]+)", [("json", r"size_t values = (.*?);")]),
    ("limits", r"nested (\d+) deep", [("json", r"size_t depth = (.*?);")]),
    ("limits", r"head to arrive \| (10 seconds)", [("server", r"seconds header_deadline\{(.*?)\}")]),
    ("limits", r"body to arrive \| (30 seconds)", [("server", r"seconds body_deadline\{(.*?)\}")]),
    ("limits", r"after (5 seconds) it has", [("server", r"seconds body_grace\{(.*?)\}")]),
    ("limits", r"come at (\d+) bytes per", [("server", r"body_bytes_per_second = (.*?);")]),
    ("limits", r"for its answer \| (60 seconds)",
     [("server", r"seconds handler_deadline\{(.*?)\}")]),
    ("limits", r"of the answer \| (30 seconds)", [("server", r"seconds write_deadline\{(.*?)\}")]),
    ("limits", r"\| connections \| (\d+) \(", [("server", r"size_t max_connections = (.*?);")]),
    ("limits", r"once (a minute): the", [("server_context", r"minutes tell_every\{(.*?)\}")]),
    ("limits", r"connection_refused`, once (a minute) \|",
     [("server_context", r"minutes tell_every\{(.*?)\}")]),
    ("limits", r"no trusted proxy \| (\d+)",
     [("server", r"size_t max_connections_per_peer = (.*?);")]),
    ("limits", r"a trusted proxy \| (\d+),", [("server", r"max_requests_per_client = (.*?);")]),
    ("limits", r"and (\d+) from egress", [("server", r"max_requests_shared = (.*?);")]),
    ("limits", r"on one connection \| (\d+)", [("server", r"max_requests_per_connection = (.*?);")]),
    ("limits", r"two requests \| (75 seconds)", [("server", r"seconds idle\{(.*?)\}")]),
    ("limits", r"the life of a stream \| (60 minutes)",
     [("event_stream", r"minutes longest\{(.*?)\}")]),
    ("limits", r"its silence \| (15 seconds)", [("event_stream", r"seconds keep_alive\{(.*?)\}")]),
    ("limits", r"waits for one reader \| (1 MiB)", [("event_stream", r"max_waiting = (.*?);")]),
    ("limits", r"in all streams \| (32 MiB)",
     [("event_stream", r"waiting_events\(std::size_t most = (.*?)\)")]),
    ("limits", r"comes back \| (\d+),", [("settings", r"replay_events = (.*?);")]),
    ("limits", r"comes back \| 256, (512 KiB)", [("settings", r"replay_bytes = (.*?);")]),
    ("limits", r"512 KiB and (5 minutes)", [("settings", r"minutes replay_age\{(.*?)\}")]),
    ("limits", r"of a connection \| (\d+) \| JSON-RPC error \"Too many open",
     [("settings", r"listens_per_grant = (.*?);")]),
    ("limits", r"addresses of a session \| (\d+)", [("subscription", r"max_subscriptions = (.*?);")]),
    ("limits", r"visits of `/authorize` \| (\d+)", [("limits", r'"authorize", (\d+),')]),
    ("limits", r"of `/authorize` \| 60 (a minute)", [("limits", r'"authorize", \d+, (\w+)')]),
    ("limits", r"pasted there \| (\d+) in", [("limits", r'"consent", (\d+),')]),
    ("limits", r"there \| 20 in (10 minutes)", [("limits", r'"consent", \d+, (\w+)')]),
    ("limits", r"keys that were refused \| (\d+) in", [("limits", r'"failed_key", (\d+),')]),
    ("limits", r"refused \| 5 in (10 minutes)", [("limits", r'"failed_key", \d+, (\w+)')]),
    ("limits", r"429 for (15 minutes)", [("limits", r'"failed_key", \d+, \w+, (\w+)')]),
    ("limits", r"visits of `/connections` \| (\d+) in", [("limits", r'"connections", (\d+),')]),
    ("limits", r"`/connections` \| 60 in (10 minutes)", [("limits", r'"connections", \d+, (\w+)')]),
    ("limits", r"registrations \| (\d+) an", [("limits", r'"registration", (\d+),')]),
    ("limits", r"registrations \| 30 (an hour)", [("limits", r'"registration", \d+, (\w+)')]),
    ("limits", r"an hour; (\d+) from", [("limits", r'"registration_shared", (\d+),')]),
    ("limits", r"tokens of a client \| (\d+) a", [("limits", r'"token", (\d+),')]),
    ("limits", r"tokens of a client \| 60 (a minute)", [("limits", r'"token", \d+, (\w+)')]),
    ("limits", r"a minute; (\d+) from", [("limits", r'"token_shared", (\d+),')]),
    ("limits", r"refresh tokens of a client \| (\d+) in", [("limits", r'"failed_token", (\d+),')]),
    ("limits", r"of a client \| 20 in (10 minutes)", [("limits", r'"failed_token", \d+, (\w+)')]),
    ("limits", r"client secrets \| (\d+) in", [("limits", r'"failed_secret", (\d+),')]),
    ("limits", r"client secrets \| 20 in (10 minutes)",
     [("limits", r'"failed_secret", \d+, (\w+)')]),
    ("limits", r"10 minutes; (\d+) from", [("limits", r'"wrong_secret_shared", (\d+),')]),
    ("limits", r"wrong access tokens \| (\d+) a", [("limits", r'"bad_token", (\d+),')]),
    ("limits", r"access tokens \| 60 (a minute)", [("limits", r'"bad_token", \d+, (\w+)')]),
    ("limits", r"about a key \| (\d+) a", [("limits", r'"key_check", (\d+),')]),
    ("limits", r"a key \| 60 (a minute)", [("limits", r'"key_check", \d+, (\w+)')]),
    ("limits", r"in all, (\d+) of one network", [("limits", r'"key_check_network", (\d+),')]),
    ("limits", r"at one time \| (\d+), and", [("schema_query", r"key_checks_at_once = (.*?);")]),
    ("limits", r"12, and (8 seconds) each", [("settings", r"seconds key_check_limit\{(.*?)\}")]),
    ("limits", r"clients' documents \| (\d+) a", [("limits", r'"document", (\d+),')]),
    ("limits", r"documents \| 10 (a minute)", [("limits", r'"document", \d+, (\w+)')]),
    ("limits", r"a minute; (\d+) of one host", [("limits", r'"document_host", (\d+),')]),
    ("limits", r"host, (\d+) of a known one", [("limits", r'"document_known_host", (\d+),')]),
    ("limits", r"at one time \| (\d+) of any hosts", [("client_documents", r"any_host_slots = (.*?);")]),
    ("limits", r"and (\d+) more of known", [("client_documents", r"known_host_slots = (.*?);")]),
    ("limits", r"such a document \| (5 KiB)", [("client_document", r"max_document_bytes = (.*?);")]),
    ("limits", r"wrong ADMIN_TOKENs \| (\d+) in", [("limits", r'"failed_admin", (\d+),')]),
    ("limits", r"ADMIN_TOKENs \| 5 in (5 minutes)", [("limits", r'"failed_admin", \d+, (\w+)')]),
    ("limits", r"`/admin` for (half an hour)", [("limits", r'"failed_admin", \d+, \w+, (\w+)')]),
    ("limits", r"calls of `/admin` \| (\d+) a", [("limits", r'"admin", (\d+),')]),
    ("limits", r"calls of `/admin` \| 120 (a minute)", [("limits", r'"admin", \d+, (\w+)')]),
    ("limits", r"`state` of a client \| (\d+) bytes", [("authorize", r"max_state_bytes = (.*?);")]),
    ("limits", r"a redirect address \| (\d+) bytes",
     [("redirect_uri", r"max_redirect_uri_bytes = (.*?);")]),
    ("limits", r"512 bytes, (\d+) of a client", [("redirect_uri", r"max_redirect_uris = (.*?);")]),
    ("limits", r"a label \| (\d+) characters", [("consent_form", r"max_label_code_points = (.*?);")]),
    ("limits", r"an access token \| (1 hour)", [("types", r"seconds access\{(.*?)\}")]),
    ("limits", r"a code \| (5 minutes)", [("types", r"seconds code\{(.*?)\}")]),
    ("limits", r"the consent form \| (15 minutes)", [("types", r"seconds authorization\{(.*?)\}")]),
    ("limits", r"nobody uses \| (30 days)", [("types", r"hours refresh_idle\{(.*?)\}")]),
    ("limits", r"a connection \| (180 days)", [("types", r"hours refresh_absolute\{(.*?)\}")]),
    ("limits", r"in progress \| (\d+)", [("settings", r"calls_per_session = (.*?);")]),
    ("limits", r"session that wait \| (\d+)", [("settings", r"queue_per_session = (.*?);")]),
    ("limits", r"at one time \| (\d+) of a workspace", [("settings", r"in_flight_per_workspace = (.*?);")]),
    ("limits", r"8 of a workspace, (\d+) in all", [("settings", r"in_flight_total = (.*?);")]),
    ("limits", r"Twenty that wait \| (\d+) of", [("settings", r"queue_per_workspace = (.*?);")]),
    ("limits", r"128 of a workspace, (\d+) in all", [("settings", r"queue_total = (.*?);")]),
    ("limits", r"tries of a reading request \| (\d+)", [("retry", r"most_attempts = (.*?);")]),
    ("limits", r"request to Twenty \| (30 seconds)", [("settings", r"seconds exchange_limit\{(.*?)\}")]),
    ("limits", r"with its waiting \| (45 seconds)", [("settings", r"seconds tool_budget\{(.*?)\}")]),
    ("limits", r"answer of Twenty \| (8 MiB)", [("https_client", r"size_t max_body = (.*?);")]),
    ("limits", r"8 MiB, ([\d,]+) values", [("json", r"upstream\{128, false, true, (.*?)\}")]),
    ("limits", r"of an API key \| (16 MiB) of memory", [("held_calls", r"size_t holder = (.*?);")]),
    ("limits", r"of memory; (48 MiB) in all", [("held_calls", r"size_t large = (.*?);")]),
    ("limits", r"to the person \| (10 minutes)", [("settings", r"minutes ask_limit\{(.*?)\}")]),
    ("limits", r"in memory \| (\d+) of a connection", [("settings", r"sessions_per_grant = (.*?);")]),
    ("limits", r"connection, (\d+) in all; 30", [("settings", r"sessions_total = (.*?);")]),
    ("limits", r"in all; (30 minutes) without", [("settings", r"minutes session_idle\{(.*?)\}")]),
    ("limits", r"in the database \| (\d+) of", [("sessions", r"kept_sessions = (.*?);")]),
    ("limits", r"model in memory \| (60 minutes)", [("settings", r"minutes schema_ttl\{(.*?)\}")]),
    ("limits", r"60 minutes, (\d+) workspaces", [("settings", r"schemas_kept = (.*?);")]),
    ("limits", r"records of a page \| (\d+)", [("query", r"int max_page = (.*?);")]),
    ("limits", r"one call \| (\d+) to create",
     [("crossing", r"At most (\d+) records can be written")]),
    ("limits", r"to create; (\d+) to change", [("many", r"most_changed = (.*?);")]),
    ("limits", r"an answer \| ([\d,]+) bytes", [("tools", r"page_budget = (.*?);")]),
    ("limits", r"for a page, ([\d,]+) for", [("tools", r"record_budget = (.*?);")]),
    ("limits", r"one record, ([\d,]+) for", [("tools", r"document_budget = (.*?);")]),
    ("limits", r"a filter \| (128 KiB)", [("bounds", r"longest_filter = (.*?);")]),
    ("limits", r"128 KiB, (\d+) conditions", [("bounds", r"most_conditions = (.*?);")]),
    ("limits", r"conditions, (\d+) levels", [("bounds", r"deepest_filter = (.*?);")]),
    ("limits", r"`orderBy` \| (\d+) fields", [("bounds", r"most_order_keys = (.*?);")]),
    ("limits", r"in `fields` \| (\d+)", [("bounds", r"most_names = (.*?);")]),
    ("limits", r"that is written \| (\d+) \|", [("bounds", r"most_written_fields = (.*?);")]),
    ("limits", r"that is written \| ([\d,]+) bytes", [("bounds", r"longest_text = (.*?);")]),
    ("limits", r"GraphQL document \| (64 KiB)", [("graphql", r"size_t bytes = (.*?);")]),
    ("limits", r"64 KiB, (\d+) tokens", [("graphql", r"size_t tokens = (.*?);")]),
    ("limits", r"tokens, ([\d,]+) selections", [("bounds", r"most_selections = (.*?);")]),
    ("limits", r"fragments, (\d+) fields at", [("document_policy", r"most_roots = (.*?);")]),
    ("limits", r"audit \| (90 days)", [("audit", r"hours audit_kept\{(.*?)\}")]),
    ("limits", r"90 days, and ([\d,]+) of a kind", [("audit", r"audit_rows_of_a_kind = (.*?);")]),
    ("limits", r"of a skill \| (\d+)", [("uploads", r"kept_versions = (.*?);")]),
    ("limits", r"skills \| (\d+), of", [("upload", r"most_skills = (.*?);")]),
    ("limits", r"of (\d+) files and", [("skill", r"most_skill_files = (.*?);")]),
    ("limits", r"files and ([\d,]+) bytes each", [("skill", r"most_skill_bytes = (.*?);")]),
    ("limits", r"for their reader \| (1 MiB)", [("line_writer", r"max_waiting = (.*?);")]),
    ("limits", r"for the collector \| (\d+), in", [("export_queue", r"size_t spans = (.*?);")]),
    ("limits", r"2048, in (4 MiB)", [("export_queue", r"size_t bytes = (.*?);")]),
    ("limits", r"to the collector \| (10 seconds)",
     [("span_exporter", r"milliseconds deadline\{(.*?)\}")]),
    ("limits", r"traces \| (\d+) per second", [("export_queue", r"traces_per_second = (.*?);")]),
    ("limits", r"per second, (\d+) at once", [("export_queue", r"traces_at_once = (.*?);")]),
    ("observability", r"most (\d+) traces per second",
     [("export_queue", r"traces_per_second = (.*?);")]),
    ("observability", r"others within (two seconds)",
     [("call_journal", r"seconds longest_wait\{(.*?)\}")]),
    ("limits", r"10 seconds, (\d+) spans", [("export_queue", r"size_t batch = (.*?);")]),
    ("limits", r"again for (120 seconds)", [("export_queue", r"seconds patience\{(.*?)\}")]),
    ("limits", r"server stops \| (2 seconds)",
     [("span_exporter", r"milliseconds last_flush\{(.*?)\}")]),
    ("limits", r"findings that are told \| (\d+)", [("lint", r"most_findings = (.*?);")]),
    ("limits", r"that are kept \| ([\d,]+), with", [("known_names", r"most_read = (.*?);")]),
    ("limits", r"with ([\d,]+) letters", [("known_names", r"most_letters = (.*?);")]),
    ("limits", r"lead to \| ([\d,]+) looks", [("name_lint", r"look_budget looks_\{(.*?)\}")]),
    ("limits", r"a dotted name \| (\d+) bytes", [("name_lint", r"longest_name = (.*?);")]),
    ("limits", r"64 bytes; (\d+) bytes", [("name_lint", r"longest_path = (.*?);")]),
    ("limits", r"a text \| ([\d,]+) tokens", [("lint", r"most_line_tokens = (.*?);")]),
    ("limits", r"1,000 tokens; ([\d,]+) tokens", [("lint", r"most_text_tokens = (.*?);")]),
    ("limits", r"4,000 tokens, (three) bytes", [("lint", r"bytes_a_token = (.*?);")]),
    ("troubleshooting", r"ends after (30 days) without", [("types", r"hours refresh_idle\{(.*?)\}")]),
    ("troubleshooting", r"after (180 days) in any", [("types", r"hours refresh_absolute\{(.*?)\}")]),
    ("troubleshooting", r"blocked for (half an hour)",
     [("limits", r'"failed_admin", \d+, \w+, (\w+)')]),
    ("privacy", r"ends after (30 days) without", [("types", r"hours refresh_idle\{(.*?)\}")]),
    ("privacy", r"after (180 days) in any", [("types", r"hours refresh_absolute\{(.*?)\}")]),
    ("privacy", r"or for (120 seconds)", [("export_queue", r"seconds patience\{(.*?)\}")]),
    ("privacy", r"kept for (90 days)", [("audit", r"hours audit_kept\{(.*?)\}")]),
    ("privacy", r"memory for (an hour)", [("settings", r"minutes schema_ttl\{(.*?)\}")]),
    ("privacy", r"for (5 minutes) for a client", [("settings", r"minutes replay_age\{(.*?)\}")]),
]
# What looks like a figure of ours and is none of a constant.
ELSEWHERE = {
    ("architecture", "a second"): "a second thread",
    ("threat-model", "a second"): "a second request",
}

WORDS = {word: number for number, word in enumerate(
    "zero one two three four five six seven eight nine ten".split())}
WORDS |= {"a": 1, "an": 1, "its": 1, "half": 0.5, "half an": 0.5, "a quarter of an": 0.25,
          "a hundred": 100}
UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "KiB": 1024, "MiB": 1024 * 1024}
COUNT = r"\d[\d,]*|a quarter of an|half an|half|its|an?|" + "|".join(list(WORDS)[:11])
# A figure that must have a row: a time, a size, a bound.
FIGURE = re.compile(rf"(?<![\w./-])(?:(?:{COUNT}) (?:second|minute|hour|day|KiB)s?\b"
                    r"|(?<=at most )\d[\d,]*(?! days)|(?<=at most the last )\d[\d,]*)", re.I)


def of_document(words):
    """Seconds, bytes or a count."""
    words = " ".join(words.split())
    found = re.fullmatch(r"(.*?) ?(second|minute|hour|day|KiB|MiB)?s?", words)
    number, unit = found[1].lower().strip(), found[2]
    value = WORDS[number] if number in WORDS else int(number.replace(",", ""))
    return value * UNITS.get(unit, 1)


def of_code(match):
    """The same of a constant: C++'s digits, products, suffixes and chrono types."""
    value = 1
    for factor in match[1].split("*"):
        number, suffix = re.fullmatch(r"\s*([\d']+)(\w*)\s*", factor).groups()
        value *= int(number.replace("'", "")) * {"min": 60, "h": 3600}.get(suffix, 1)
    if "milliseconds" in match[0]:
        return value / 1000
    return value * (60 if "minutes" in match[0] else 3600 if "hours" in match[0] else 1)


def faults(root, sources):
    """`sources`: (text, name) of every product file."""
    sources = list(sources)
    for document in sorted({row[0] for row in FIGURES}):
        path = root / "docs" / (document + ".md")
        if not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        prose = re.sub(r"```.*?```|`[^`]*`", lambda m: re.sub(r"\S", " ", m[0]), text, flags=re.S)
        covered = []
        for name, words, constants, *unit in FIGURES:
            if name != document:
                continue
            shown = re.search(words.replace(" ", r"\s+"), text)
            if not shown:
                yield f"docs/{document}.md: nothing is like: {words}"
                continue
            covered.append(shown.span(1))
            value = 0
            for stem, pattern in constants:
                hits = [h for source, file in sources
                        if re.search(rf"(?:^|/){stem}\.[ch]pp$", file)
                        for h in re.finditer(pattern, source)]
                if len(hits) != 1:
                    yield f"docs/{document}.md: {len(hits)} constants in {stem} are like: {pattern}"
                    break
                value += of_code(hits[0])
            else:
                said = of_document(shown[1]) * (unit[0] if unit else 1)
                if said != value:
                    yield f"docs/{document}.md: \"{shown[0]}\" says {said}, the code {value}"
        for figure in FIGURE.finditer(prose):
            if (document, figure[0]) in ELSEWHERE:
                continue
            if not any(a <= figure.start() < b for a, b in covered):
                at = text.count("\n", 0, figure.start()) + 1
                yield f"docs/{document}.md:{at}: no constant is named for \"{figure[0]}\""
