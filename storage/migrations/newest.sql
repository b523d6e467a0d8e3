CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE answers (
	person_key VARCHAR(64) NOT NULL, 
	transaction_id VARCHAR(128) NOT NULL, 
	fingerprint VARCHAR(64) NOT NULL, 
	status INTEGER NOT NULL, 
	body BLOB NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_answers PRIMARY KEY (person_key, transaction_id)
);
CREATE TABLE api_keys (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	roles JSON NOT NULL, 
	departments JSON NOT NULL, 
	region VARCHAR(12), 
	made_at DATETIME NOT NULL, 
	ends_at DATETIME, 
	revoked_at DATETIME, system VARCHAR(40), prefix VARCHAR(16), 
	CONSTRAINT pk_api_keys PRIMARY KEY (seq), 
	CONSTRAINT uq_api_keys_id UNIQUE (id), 
	CONSTRAINT uq_api_keys_token_hash UNIQUE (token_hash)
);
CREATE TABLE audit (
	seq INTEGER NOT NULL, 
	chain VARCHAR(64) NOT NULL, 
	position INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	actor_kind VARCHAR(16) NOT NULL, 
	actor VARCHAR(64) NOT NULL, 
	on_behalf_of VARCHAR(64), 
	action VARCHAR(64) NOT NULL, 
	detail JSON NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit PRIMARY KEY (seq), 
	CONSTRAINT ck_audit_actor_kind CHECK (actor_kind IN ('resident', 'staff', 'system', 'partner')), 
	CONSTRAINT uq_audit_chain_position UNIQUE (chain, position)
);
CREATE TABLE audit_anchors (
	seq INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	heads JSON NOT NULL, 
	previous VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_audit_anchors PRIMARY KEY (seq)
);
CREATE TABLE audit_heads (
	chain VARCHAR(64) NOT NULL, 
	position INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	anchored INTEGER NOT NULL, 
	CONSTRAINT pk_audit_heads PRIMARY KEY (chain)
);
CREATE TABLE calendar_days (
	day DATE NOT NULL, 
	working BOOLEAN NOT NULL, 
	CONSTRAINT pk_calendar_days PRIMARY KEY (day)
);
CREATE TABLE case_counters (
	region VARCHAR(12) NOT NULL, 
	day DATE NOT NULL, 
	last INTEGER NOT NULL, 
	CONSTRAINT pk_case_counters PRIMARY KEY (region, day)
);
CREATE TABLE inbox (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	provider VARCHAR(64) NOT NULL, 
	external_key VARCHAR(128) NOT NULL, 
	raw BLOB NOT NULL, 
	headers BLOB NOT NULL, 
	verified BOOLEAN NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	arrived_at DATETIME NOT NULL, 
	handled_at DATETIME, 
	error TEXT, alone BOOLEAN DEFAULT 1 NOT NULL, request VARCHAR(64), 
	CONSTRAINT pk_inbox PRIMARY KEY (seq), 
	CONSTRAINT ck_inbox_state CHECK (state IN ('new', 'handled', 'failed')), 
	CONSTRAINT uq_inbox_id UNIQUE (id), 
	CONSTRAINT uq_inbox_provider_external_key UNIQUE (provider, external_key)
);
CREATE TABLE items (
	code VARCHAR(64) NOT NULL, 
	version INTEGER NOT NULL, 
	region VARCHAR(12) NOT NULL, 
	name TEXT NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	definition JSON NOT NULL, 
	published_at DATETIME NOT NULL, valid_from DATE DEFAULT '2000-01-01' NOT NULL, published_by VARCHAR(64), draft VARCHAR(40), withdrawn_at DATETIME, 
	CONSTRAINT pk_items PRIMARY KEY (code, version)
);
CREATE TABLE persons (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	platform VARCHAR(32) NOT NULL, 
	platform_user_index VARCHAR(32) NOT NULL, 
	platform_user BLOB NOT NULL, 
	first_seen_at DATETIME NOT NULL, test BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_persons PRIMARY KEY (seq), 
	CONSTRAINT uq_persons_id UNIQUE (id), 
	CONSTRAINT uq_persons_platform_platform_user_index UNIQUE (platform, platform_user_index)
);
CREATE TABLE sessions (
	token_hash VARCHAR(64) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	holder VARCHAR(40) NOT NULL, 
	made_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	ends_at DATETIME NOT NULL, 
	revoked_at DATETIME, way VARCHAR(16), opened_from BLOB, 
	CONSTRAINT pk_sessions PRIMARY KEY (token_hash), 
	CONSTRAINT ck_sessions_kind CHECK (kind IN ('resident', 'staff', 'system', 'partner'))
);
CREATE TABLE settings (
	name VARCHAR(64) NOT NULL, 
	value JSON NOT NULL, 
	CONSTRAINT pk_settings PRIMARY KEY (name)
);
CREATE TABLE cases (
	number VARCHAR(32) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	item_version INTEGER NOT NULL, 
	region VARCHAR(12) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	state_since DATETIME NOT NULL, 
	owner VARCHAR(40) NOT NULL, 
	channel VARCHAR(32) NOT NULL, 
	answers BLOB NOT NULL, 
	applicant BLOB NOT NULL, 
	address BLOB, 
	agent BLOB, 
	id_number_index VARCHAR(32) NOT NULL, 
	phone_index VARCHAR(32) NOT NULL, 
	opened_at DATETIME NOT NULL, 
	deadline_at DATETIME, 
	submitted_at DATETIME, 
	accepted_at DATETIME, 
	concluded_at DATETIME, 
	closed_at DATETIME, 
	promised_due DATE, 
	statutory_due DATE, 
	round INTEGER NOT NULL, 
	escalated_at DATETIME, 
	version INTEGER NOT NULL, 
	findings BLOB, 
	extra BLOB, 
	claimed_by VARCHAR(40), 
	claimed_until DATETIME, test BOOLEAN DEFAULT 0 NOT NULL, doubtful_identity BOOLEAN DEFAULT 0 NOT NULL, likely_duplicate BOOLEAN DEFAULT 0 NOT NULL, received_office VARCHAR(64), parent VARCHAR(32), erased_at DATETIME, 
	CONSTRAINT pk_cases PRIMARY KEY (number), 
	CONSTRAINT ck_cases_state CHECK (state IN ('draft', 'submitted', 'in_review', 'returned', 'preaudit_passed', 'collecting', 'received', 'accepted', 'processing', 'approved', 'refused', 'concluded', 'delivering', 'delivered', 'withdrawn', 'not_accepted', 'correction_expired', 'aborted')), 
	CONSTRAINT fk_cases_item_code_item_version FOREIGN KEY(item_code, item_version) REFERENCES items (code, version)
);
CREATE TABLE consents (
	seq INTEGER NOT NULL, 
	person VARCHAR(40) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	version VARCHAR(32) NOT NULL, 
	given_at DATETIME NOT NULL, 
	withdrawn_at DATETIME, 
	CONSTRAINT pk_consents PRIMARY KEY (seq), 
	CONSTRAINT fk_consents_person FOREIGN KEY(person) REFERENCES persons (id)
);
CREATE TABLE assignments (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	task TEXT NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	because TEXT NOT NULL, 
	"after" JSON NOT NULL, 
	days INTEGER NOT NULL, 
	due DATE, 
	opened_at DATETIME, 
	decided_at DATETIME, 
	decided_by VARCHAR(64), 
	opinion BLOB, joint VARCHAR(64), escalated_at DATETIME, 
	CONSTRAINT pk_assignments PRIMARY KEY (seq), 
	CONSTRAINT ck_assignments_state CHECK (state IN ('waiting', 'open', 'approved', 'refused', 'cancelled')), 
	CONSTRAINT fk_assignments_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_assignments_case_number_key UNIQUE (case_number, "key"), 
	CONSTRAINT uq_assignments_id UNIQUE (id)
);
CREATE TABLE corrections (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	round INTEGER NOT NULL, 
	sent_at DATETIME NOT NULL, 
	due DATE NOT NULL, 
	findings BLOB NOT NULL, pages JSON DEFAULT '[]' NOT NULL, causes JSON DEFAULT '[]' NOT NULL, because VARCHAR(32), explanation BLOB, 
	CONSTRAINT pk_corrections PRIMARY KEY (seq), 
	CONSTRAINT fk_corrections_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_corrections_case_number_round UNIQUE (case_number, round), 
	CONSTRAINT uq_corrections_id UNIQUE (id)
);
CREATE TABLE documents (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	number VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	made_at DATETIME NOT NULL, 
	content BLOB NOT NULL, 
	blob VARCHAR(128), code VARCHAR(32), sha256 VARCHAR(64), erased_at DATETIME, 
	CONSTRAINT pk_documents PRIMARY KEY (seq), 
	CONSTRAINT fk_documents_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_documents_id UNIQUE (id)
);
CREATE TABLE legs (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	direction VARCHAR(16) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	since DATETIME NOT NULL, 
	confirmed BOOLEAN NOT NULL, asks INTEGER DEFAULT '0' NOT NULL, answer_due DATETIME, vouched VARCHAR(16), 
	CONSTRAINT pk_legs PRIMARY KEY (seq), 
	CONSTRAINT ck_legs_direction CHECK (direction IN ('collection', 'delivery')), 
	CONSTRAINT ck_legs_state CHECK (state IN ('offered', 'booked', 'assigned', 'picked_up', 'in_transit', 'out_for_delivery', 'delivered', 'handed_over', 'pickup_failed', 'exception', 'refused', 'returning', 'returned', 'lost', 'cancelled')), 
	CONSTRAINT fk_legs_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_legs_id UNIQUE (id)
);
CREATE TABLE materials (
	seq INTEGER NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	need VARCHAR(16) NOT NULL, 
	decision VARCHAR(32), 
	reason BLOB, 
	note BLOB, 
	decided_by VARCHAR(64), 
	defer_until DATE, promise BLOB, reminded INTEGER, late_at DATETIME, 
	CONSTRAINT pk_materials PRIMARY KEY (seq), 
	CONSTRAINT ck_materials_need CHECK (need IN ('required', 'optional', 'deferrable')), 
	CONSTRAINT ck_materials_state CHECK (state IN ('missing', 'uploaded', 'read', 'accepted', 'returned', 'deferred', 'waived')), 
	CONSTRAINT fk_materials_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_materials_case_number_key UNIQUE (case_number, "key")
);
CREATE TABLE ratings (
	case_number VARCHAR(32) NOT NULL, 
	level INTEGER NOT NULL, 
	text BLOB NOT NULL, 
	at DATETIME NOT NULL, 
	rectify_by DATE, 
	CONSTRAINT pk_ratings PRIMARY KEY (case_number), 
	CONSTRAINT ck_ratings_level CHECK (level BETWEEN 1 AND 5), 
	CONSTRAINT fk_ratings_case_number FOREIGN KEY(case_number) REFERENCES cases (number)
);
CREATE TABLE specials (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	reason BLOB NOT NULL, 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, days INTEGER, assignment VARCHAR(40), asked_by VARCHAR(64), approved_by VARCHAR(64), result BLOB, counted INTEGER, due DATE, demands BLOB, reminded INTEGER, late_at DATETIME, 
	CONSTRAINT pk_specials PRIMARY KEY (seq), 
	CONSTRAINT fk_specials_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_specials_id UNIQUE (id)
);
CREATE TABLE bookings (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	leg_id VARCHAR(40) NOT NULL, 
	attempt INTEGER NOT NULL, 
	partner VARCHAR(32) NOT NULL, 
	order_id VARCHAR(64) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	window_start DATETIME NOT NULL, 
	window_end DATETIME NOT NULL, 
	address BLOB NOT NULL, 
	requested_at DATETIME NOT NULL, 
	waybill VARCHAR(64), 
	reason BLOB, 
	asked INTEGER NOT NULL, 
	alerts JSON NOT NULL, settled JSON DEFAULT '[]' NOT NULL, desk_note BLOB, confirmed_start DATETIME, confirmed_end DATETIME, cancel_by DATETIME, payer VARCHAR(16) DEFAULT 'office' NOT NULL, declared_value_fen INTEGER DEFAULT '0' NOT NULL, proof VARCHAR(16), safety_code BLOB, instead_of VARCHAR(40), partner_ref JSON, polled_at DATETIME, pickup VARCHAR(40), 
	CONSTRAINT pk_bookings PRIMARY KEY (seq), 
	CONSTRAINT ck_bookings_state CHECK (state IN ('requested', 'booked', 'refused', 'unknown', 'void', 'cancelled', 'failed', 'done')), 
	CONSTRAINT fk_bookings_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT fk_bookings_leg_id FOREIGN KEY(leg_id) REFERENCES legs (id), 
	CONSTRAINT uq_bookings_id UNIQUE (id), 
	CONSTRAINT uq_bookings_partner_order_id UNIQUE (partner, order_id)
);
CREATE TABLE pages (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	material VARCHAR(64) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	blob VARCHAR(128) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	media_type VARCHAR(64) NOT NULL, 
	size INTEGER NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	uploaded_at DATETIME NOT NULL, 
	read_at DATETIME, 
	kind VARCHAR(64), 
	findings BLOB, signed_at DATETIME, 
	CONSTRAINT pk_pages PRIMARY KEY (seq), 
	CONSTRAINT ck_pages_state CHECK (state IN ('uploaded', 'read', 'unreadable', 'removed')), 
	CONSTRAINT fk_pages_case_number_material FOREIGN KEY(case_number, material) REFERENCES materials (case_number, "key"), 
	CONSTRAINT fk_pages_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_pages_id UNIQUE (id)
);
CREATE TABLE booking_aliases (
	partner VARCHAR(32) NOT NULL, 
	waybill VARCHAR(64) NOT NULL, 
	booking_id VARCHAR(40) NOT NULL, 
	CONSTRAINT pk_booking_aliases PRIMARY KEY (partner, waybill), 
	CONSTRAINT fk_booking_aliases_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id)
);
CREATE TABLE courier_events (
	seq INTEGER NOT NULL, 
	partner VARCHAR(32) NOT NULL, 
	unique_key VARCHAR(128) NOT NULL, 
	booking_id VARCHAR(40), 
	waybill VARCHAR(64), 
	order_id VARCHAR(64), 
	at DATETIME NOT NULL, 
	body BLOB NOT NULL, 
	arrived_at DATETIME NOT NULL, unknown_code VARCHAR(40), pickup VARCHAR(40), 
	CONSTRAINT pk_courier_events PRIMARY KEY (seq), 
	CONSTRAINT fk_courier_events_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id), 
	CONSTRAINT uq_courier_events_partner_unique_key UNIQUE (partner, unique_key)
);
CREATE TABLE readings (
	page_id VARCHAR(40) NOT NULL, 
	reading BLOB NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	engine VARCHAR(64) NOT NULL, 
	perceptual_hash VARCHAR(64) NOT NULL, 
	seconds FLOAT NOT NULL, 
	saved_at DATETIME NOT NULL, picture VARCHAR(128), 
	CONSTRAINT pk_readings PRIMARY KEY (page_id), 
	CONSTRAINT fk_readings_page_id FOREIGN KEY(page_id) REFERENCES pages (id)
);
CREATE TABLE uploads (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	person VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	material VARCHAR(64) NOT NULL, 
	media_type VARCHAR(64) NOT NULL, 
	size INTEGER NOT NULL, 
	sha256 VARCHAR(64), 
	received INTEGER NOT NULL, 
	chunks JSON NOT NULL, 
	ends_at DATETIME NOT NULL, 
	CONSTRAINT pk_uploads PRIMARY KEY (seq), 
	CONSTRAINT fk_uploads_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT fk_uploads_person FOREIGN KEY(person) REFERENCES persons (id), 
	CONSTRAINT uq_uploads_id UNIQUE (id)
);
CREATE TABLE partner_health (
	partner VARCHAR(32) NOT NULL, 
	failures INTEGER NOT NULL, 
	retry_at DATETIME, 
	probing_until DATETIME, 
	well_at DATETIME, 
	failed_at DATETIME, 
	reason VARCHAR(64), 
	CONSTRAINT pk_partner_health PRIMARY KEY (partner)
);
CREATE TABLE coverage (
	partner VARCHAR(32) NOT NULL, 
	address_index VARCHAR(64) NOT NULL, 
	covered BOOLEAN, 
	reason VARCHAR(200) NOT NULL, 
	ends_at DATETIME NOT NULL, 
	CONSTRAINT pk_coverage PRIMARY KEY (partner, address_index)
);
CREATE TABLE grid_workers (
	holder VARCHAR(40) NOT NULL, 
	area VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_grid_workers PRIMARY KEY (holder, area)
);
CREATE TABLE grid_tasks (
	booking_id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	area VARCHAR(32) NOT NULL, 
	made_at DATETIME NOT NULL, taken_by VARCHAR(40), taken_at DATETIME, 
	CONSTRAINT pk_grid_tasks PRIMARY KEY (booking_id), 
	CONSTRAINT fk_grid_tasks_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id), 
	CONSTRAINT fk_grid_tasks_case_number FOREIGN KEY(case_number) REFERENCES cases (number)
);
CREATE TABLE wrong_proofs (
	booking_id VARCHAR(40) NOT NULL, 
	tries INTEGER NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT pk_wrong_proofs PRIMARY KEY (booking_id), 
	CONSTRAINT fk_wrong_proofs_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id)
);
CREATE TABLE drop_boxes (
	code VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	place TEXT NOT NULL, 
	region VARCHAR(12) NOT NULL, 
	times JSON NOT NULL, 
	grace_minutes INTEGER NOT NULL, 
	active BOOLEAN NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_drop_boxes PRIMARY KEY (code)
);
CREATE TABLE box_rounds (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	box VARCHAR(32) NOT NULL, 
	due_at DATETIME, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	scanned INTEGER NOT NULL, 
	missing INTEGER NOT NULL, 
	CONSTRAINT pk_box_rounds PRIMARY KEY (seq), 
	CONSTRAINT uq_box_rounds_id UNIQUE (id), 
	CONSTRAINT fk_box_rounds_box FOREIGN KEY(box) REFERENCES drop_boxes (code)
);
CREATE TABLE box_warnings (
	seq INTEGER NOT NULL, 
	box VARCHAR(32) NOT NULL, 
	due_at DATETIME NOT NULL, 
	light VARCHAR(8) NOT NULL, 
	raised_at DATETIME NOT NULL, 
	CONSTRAINT pk_box_warnings PRIMARY KEY (seq), 
	CONSTRAINT fk_box_warnings_box FOREIGN KEY(box) REFERENCES drop_boxes (code), 
	CONSTRAINT uq_box_warnings_box_due_at_light UNIQUE (box, due_at, light), 
	CONSTRAINT ck_box_warnings_light CHECK (light IN ('yellow', 'red'))
);
CREATE TABLE drops (
	booking_id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	box VARCHAR(32) NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	announced_at DATETIME NOT NULL, 
	dropped_at DATETIME, 
	emptied_at DATETIME, 
	missed INTEGER NOT NULL, 
	CONSTRAINT pk_drops PRIMARY KEY (booking_id), 
	CONSTRAINT fk_drops_booking_id FOREIGN KEY(booking_id) REFERENCES bookings (id), 
	CONSTRAINT fk_drops_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT fk_drops_box FOREIGN KEY(box) REFERENCES drop_boxes (code), 
	CONSTRAINT uq_drops_code UNIQUE (code)
);
CREATE TABLE strays (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	box VARCHAR(32), 
	code BLOB NOT NULL, 
	case_number VARCHAR(32), 
	why VARCHAR(16) NOT NULL, 
	found_at DATETIME NOT NULL, 
	found_by VARCHAR(64) NOT NULL, 
	settled_at DATETIME, 
	settled_by VARCHAR(64), 
	note BLOB, 
	CONSTRAINT pk_strays PRIMARY KEY (seq), 
	CONSTRAINT uq_strays_id UNIQUE (id), 
	CONSTRAINT fk_strays_box FOREIGN KEY(box) REFERENCES drop_boxes (code), 
	CONSTRAINT ck_strays_why CHECK (why IN ('collected', 'missing', 'unannounced', 'unknown', 'repeated'))
);
CREATE TABLE "originals" (
	seq INTEGER NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	use VARCHAR(16) NOT NULL, 
	copies INTEGER NOT NULL, 
	holder VARCHAR(16) NOT NULL, 
	condition TEXT, 
	label VARCHAR(32), 
	note BLOB, 
	department VARCHAR(64), 
	lost_at DATETIME, 
	excused VARCHAR(32), 
	CONSTRAINT pk_originals PRIMARY KEY (seq), 
	CONSTRAINT ck_originals_holder CHECK (holder IN ('resident', 'courier', 'office', 'department')), 
	CONSTRAINT uq_originals_case_number_key UNIQUE (case_number, "key"), 
	CONSTRAINT fk_originals_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT ck_originals_use CHECK (use IN ('collect', 'show', 'none')), 
	CONSTRAINT uq_originals_label UNIQUE (label)
);
CREATE TABLE "hand_overs" (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	keys JSON NOT NULL, 
	giver VARCHAR(16) NOT NULL, 
	taker VARCHAR(16) NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	seal TEXT, 
	found BLOB, place BLOB, 
	CONSTRAINT pk_hand_overs PRIMARY KEY (seq), 
	CONSTRAINT fk_hand_overs_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT ck_hand_overs_giver CHECK (giver IN ('resident', 'courier', 'office', 'department')), 
	CONSTRAINT ck_hand_overs_taker CHECK (taker IN ('resident', 'courier', 'office', 'department')), 
	CONSTRAINT uq_hand_overs_id UNIQUE (id)
);
CREATE TABLE "incidents" (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	detail BLOB NOT NULL, 
	opened_at DATETIME NOT NULL, 
	closed_at DATETIME, 
	state VARCHAR(16) NOT NULL, 
	owner VARCHAR(32) NOT NULL, 
	due_at DATETIME, 
	keys JSON NOT NULL, 
	settlement VARCHAR(32), 
	reason BLOB, 
	escalated_at DATETIME, 
	CONSTRAINT pk_incidents PRIMARY KEY (seq), 
	CONSTRAINT uq_incidents_id UNIQUE (id), 
	CONSTRAINT fk_incidents_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT ck_incidents_state CHECK (state IN ('open', 'in_hand', 'with_resident', 'with_courier', 'settled'))
);
CREATE TABLE parcels (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	leg_id VARCHAR(40) NOT NULL, 
	label VARCHAR(32) NOT NULL, 
	keys JSON NOT NULL, 
	seal TEXT, 
	packed_at DATETIME, 
	photo VARCHAR(128), 
	picture VARCHAR(128), 
	photo_problem TEXT, 
	CONSTRAINT pk_parcels PRIMARY KEY (seq), 
	CONSTRAINT fk_parcels_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT fk_parcels_leg_id FOREIGN KEY(leg_id) REFERENCES legs (id), 
	CONSTRAINT uq_parcels_id UNIQUE (id), 
	CONSTRAINT uq_parcels_leg_id UNIQUE (leg_id), 
	CONSTRAINT uq_parcels_label UNIQUE (label)
);
CREATE TABLE transfers (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	keys JSON NOT NULL, 
	giver VARCHAR(16) NOT NULL, 
	taker VARCHAR(16) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	offered_at DATETIME NOT NULL, 
	offered_by VARCHAR(64) NOT NULL, 
	due_at DATETIME NOT NULL, 
	settled_at DATETIME, 
	settled_by VARCHAR(64), 
	note BLOB, 
	CONSTRAINT pk_transfers PRIMARY KEY (seq), 
	CONSTRAINT ck_transfers_giver CHECK (giver IN ('resident', 'courier', 'office', 'department')), 
	CONSTRAINT ck_transfers_taker CHECK (taker IN ('resident', 'courier', 'office', 'department')), 
	CONSTRAINT ck_transfers_state CHECK (state IN ('offered', 'taken', 'declined', 'recalled')), 
	CONSTRAINT fk_transfers_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_transfers_id UNIQUE (id)
);
CREATE TABLE pickups (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	person VARCHAR(40) NOT NULL, 
	partner VARCHAR(32) NOT NULL, 
	order_id VARCHAR(64) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	window_start DATETIME NOT NULL, 
	window_end DATETIME NOT NULL, 
	address BLOB NOT NULL, 
	requested_at DATETIME NOT NULL, 
	waybill VARCHAR(64), 
	asked INTEGER NOT NULL, 
	partner_ref JSON, erased_at DATETIME, 
	CONSTRAINT pk_pickups PRIMARY KEY (seq), 
	CONSTRAINT ck_pickups_state CHECK (state IN ('requested', 'booked', 'refused', 'unknown', 'void', 'cancelled', 'failed', 'done')), 
	CONSTRAINT fk_pickups_person FOREIGN KEY(person) REFERENCES persons (id), 
	CONSTRAINT uq_pickups_id UNIQUE (id), 
	CONSTRAINT uq_pickups_partner_order_id UNIQUE (partner, order_id)
);
CREATE TABLE platform_tokens (
	platform VARCHAR(32) NOT NULL, 
	token BLOB NOT NULL, 
	ends_at DATETIME NOT NULL, 
	forced_at DATETIME, 
	CONSTRAINT pk_platform_tokens PRIMARY KEY (platform)
);
CREATE TABLE "notices" (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32), 
	template VARCHAR(64) NOT NULL, 
	data BLOB NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	made_at DATETIME NOT NULL, 
	sent_at DATETIME, 
	channel VARCHAR(16), 
	cause VARCHAR(200), 
	dedupe VARCHAR(32), 
	person VARCHAR(40), 
	CONSTRAINT pk_notices PRIMARY KEY (seq), 
	CONSTRAINT uq_notices_id UNIQUE (id), 
	CONSTRAINT ck_notices_state CHECK (state IN ('created', 'sending', 'sent', 'failed')), 
	CONSTRAINT ck_notices_channel CHECK (channel IS NULL OR channel IN ('platform', 'text_message')), 
	CONSTRAINT fk_notices_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT ck_notices_to CHECK (case_number IS NOT NULL OR person IS NOT NULL)
);
CREATE TABLE offices (
	code VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	place TEXT NOT NULL, 
	region VARCHAR(12) NOT NULL, 
	phone VARCHAR(32) NOT NULL, 
	hours JSON NOT NULL, 
	rest_hours JSON NOT NULL, 
	slot_minutes INTEGER NOT NULL, 
	capacity INTEGER NOT NULL, 
	active BOOLEAN NOT NULL, 
	CONSTRAINT pk_offices PRIMARY KEY (code)
);
CREATE TABLE appointment_slots (
	office VARCHAR(32) NOT NULL, 
	start DATETIME NOT NULL, 
	taken INTEGER NOT NULL, 
	capacity INTEGER NOT NULL, 
	CONSTRAINT pk_appointment_slots PRIMARY KEY (office, start), 
	CONSTRAINT ck_appointment_slots_taken CHECK (taken >= 0 AND taken <= capacity), 
	CONSTRAINT fk_appointment_slots_office FOREIGN KEY(office) REFERENCES offices (code)
);
CREATE TABLE appointments (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	person VARCHAR(40) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	case_number VARCHAR(32), 
	office VARCHAR(32) NOT NULL, 
	start DATETIME NOT NULL, 
	"end" DATETIME NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	code BLOB NOT NULL, 
	code_index VARCHAR(32) NOT NULL, 
	phone BLOB NOT NULL, 
	booked_at DATETIME NOT NULL, 
	checked_in_at DATETIME, 
	reminded_at DATETIME, 
	CONSTRAINT pk_appointments PRIMARY KEY (seq), 
	CONSTRAINT ck_appointments_state CHECK (state IN ('booked', 'checked_in', 'served', 'missed', 'cancelled')), 
	CONSTRAINT fk_appointments_person FOREIGN KEY(person) REFERENCES persons (id), 
	CONSTRAINT fk_appointments_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT fk_appointments_office FOREIGN KEY(office) REFERENCES offices (code), 
	CONSTRAINT uq_appointments_id UNIQUE (id), 
	CONSTRAINT uq_appointments_code_index UNIQUE (code_index)
);
CREATE TABLE one_time_codes (
	purpose VARCHAR(16) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	mac VARCHAR(64) NOT NULL, 
	tries INTEGER NOT NULL, 
	made_at DATETIME NOT NULL, 
	ends_at DATETIME NOT NULL, 
	CONSTRAINT pk_one_time_codes PRIMARY KEY (purpose, case_number), 
	CONSTRAINT ck_one_time_codes_purpose CHECK (purpose IN ('authority', 'hand_over')), 
	CONSTRAINT fk_one_time_codes_case_number FOREIGN KEY(case_number) REFERENCES cases (number)
);
CREATE TABLE devices (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	office TEXT NOT NULL, 
	region VARCHAR(12) NOT NULL, 
	bridge TEXT, 
	enrol_hash VARCHAR(64), 
	enrol_until DATETIME, 
	token_hash VARCHAR(64), 
	made_at DATETIME NOT NULL, 
	enrolled_at DATETIME, 
	seen_at DATETIME, 
	state VARCHAR(16) NOT NULL, 
	state_since DATETIME NOT NULL, 
	paper VARCHAR(8) NOT NULL, 
	revoked_at DATETIME, 
	CONSTRAINT pk_devices PRIMARY KEY (seq), 
	CONSTRAINT ck_devices_state CHECK (state IN ('idle', 'in_use', 'paper_out')), 
	CONSTRAINT ck_devices_paper CHECK (paper IN ('ready', 'out')), 
	CONSTRAINT uq_devices_id UNIQUE (id), 
	CONSTRAINT uq_devices_enrol_hash UNIQUE (enrol_hash), 
	CONSTRAINT uq_devices_token_hash UNIQUE (token_hash)
);
CREATE TABLE kiosk_sessions (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	device_id VARCHAR(40) NOT NULL, 
	person VARCHAR(40) NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	started_at DATETIME NOT NULL, 
	ends_at DATETIME NOT NULL, 
	case_number VARCHAR(32), 
	keep BOOLEAN NOT NULL, 
	receipt_at DATETIME, 
	ended_at DATETIME, 
	how VARCHAR(16), 
	CONSTRAINT pk_kiosk_sessions PRIMARY KEY (seq), 
	CONSTRAINT ck_kiosk_sessions_how CHECK (how IS NULL OR how IN ('done', 'left', 'timed_out', 'lapsed', 'replaced', 'revoked')), 
	CONSTRAINT fk_kiosk_sessions_device_id FOREIGN KEY(device_id) REFERENCES devices (id), 
	CONSTRAINT fk_kiosk_sessions_person FOREIGN KEY(person) REFERENCES persons (id), 
	CONSTRAINT fk_kiosk_sessions_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_kiosk_sessions_id UNIQUE (id), 
	CONSTRAINT uq_kiosk_sessions_token_hash UNIQUE (token_hash)
);
CREATE TABLE waivers (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	material VARCHAR(64) NOT NULL, 
	source VARCHAR(16) NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	consent VARCHAR(32) NOT NULL, 
	proven_on DATE NOT NULL, 
	valid_to VARCHAR(16), 
	still_show BOOLEAN NOT NULL, 
	source_case VARCHAR(32), 
	source_material VARCHAR(64), 
	source_pages JSON NOT NULL, 
	resource VARCHAR(64), 
	receipt VARCHAR(64), 
	ended_at DATETIME, 
	ended_why VARCHAR(16), 
	readings BLOB, 
	CONSTRAINT pk_waivers PRIMARY KEY (seq), 
	CONSTRAINT ck_waivers_source CHECK (source IN ('case', 'registry')), 
	CONSTRAINT ck_waivers_ended_why CHECK (ended_why IS NULL OR ended_why IN ('taken_back', 'replaced', 'refused')), 
	CONSTRAINT fk_waivers_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_waivers_id UNIQUE (id)
);
CREATE TABLE inquiries (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	material VARCHAR(64) NOT NULL, 
	resource VARCHAR(64) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	consent VARCHAR(32) NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	authorised_at DATETIME NOT NULL, 
	answered_at DATETIME, 
	receipt VARCHAR(64), 
	CONSTRAINT pk_inquiries PRIMARY KEY (seq), 
	CONSTRAINT ck_inquiries_state CHECK (state IN ('waiting', 'proven', 'not_found', 'unavailable', 'refused', 'withdrawn', 'dropped')), 
	CONSTRAINT fk_inquiries_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_inquiries_id UNIQUE (id)
);
CREATE TABLE checked_fields (
	page_id VARCHAR(40) NOT NULL, 
	field VARCHAR(64) NOT NULL, 
	read BLOB, 
	said BLOB NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_checked_fields PRIMARY KEY (page_id, field), 
	CONSTRAINT fk_checked_fields_page_id FOREIGN KEY(page_id) REFERENCES pages (id)
);
CREATE TABLE agent_points (
	code VARCHAR(32) NOT NULL, 
	name TEXT NOT NULL, 
	village TEXT NOT NULL, 
	region VARCHAR(12) NOT NULL, 
	person VARCHAR(40) NOT NULL, 
	address BLOB, 
	active BOOLEAN NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_agent_points PRIMARY KEY (code), 
	CONSTRAINT fk_agent_points_person FOREIGN KEY(person) REFERENCES persons (id)
);
CREATE TABLE point_agents (
	staff VARCHAR(40) NOT NULL, 
	point VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_point_agents PRIMARY KEY (staff), 
	CONSTRAINT fk_point_agents_point FOREIGN KEY(point) REFERENCES agent_points (code), 
	CONSTRAINT fk_point_agents_staff FOREIGN KEY(staff) REFERENCES staff (id)
);
CREATE TABLE entrustments (
	seq INTEGER NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	point VARCHAR(32) NOT NULL, 
	came VARCHAR(16) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	since DATETIME NOT NULL, 
	proven VARCHAR(16), 
	proven_at DATETIME, 
	proven_by VARCHAR(40), 
	until DATETIME, 
	ended VARCHAR(16), 
	batch VARCHAR(40), 
	CONSTRAINT pk_entrustments PRIMARY KEY (seq), 
	CONSTRAINT ck_entrustments_came CHECK (came IN ('opened', 'entrusted')), 
	CONSTRAINT ck_entrustments_proven CHECK (proven IS NULL OR proven IN ('phone', 'form', 'account')), 
	CONSTRAINT ck_entrustments_ended CHECK (ended IS NULL OR ended IN ('handed_over', 'withdrawn')), 
	CONSTRAINT fk_entrustments_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT fk_entrustments_point FOREIGN KEY(point) REFERENCES agent_points (code)
);
CREATE TABLE agent_batches (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	point VARCHAR(32) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_agent_batches PRIMARY KEY (seq), 
	CONSTRAINT fk_agent_batches_point FOREIGN KEY(point) REFERENCES agent_points (code), 
	CONSTRAINT uq_agent_batches_id UNIQUE (id)
);
CREATE TABLE agent_lines (
	seq INTEGER NOT NULL, 
	batch VARCHAR(40) NOT NULL, 
	point VARCHAR(32) NOT NULL, 
	ordinal INTEGER NOT NULL, 
	transaction_id VARCHAR(128) NOT NULL, 
	line BLOB NOT NULL, 
	case_number VARCHAR(32), 
	problem TEXT, 
	CONSTRAINT pk_agent_lines PRIMARY KEY (seq), 
	CONSTRAINT fk_agent_lines_batch FOREIGN KEY(batch) REFERENCES agent_batches (id), 
	CONSTRAINT fk_agent_lines_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT fk_agent_lines_point FOREIGN KEY(point) REFERENCES agent_points (code), 
	CONSTRAINT uq_agent_lines_point_transaction_id UNIQUE (point, transaction_id)
);
CREATE TABLE claim_losses (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	staff VARCHAR(40) NOT NULL, 
	how VARCHAR(16) NOT NULL, 
	"by" VARCHAR(40) NOT NULL, 
	reason BLOB, 
	at DATETIME NOT NULL, 
	seen_at DATETIME, 
	CONSTRAINT pk_claim_losses PRIMARY KEY (seq), 
	CONSTRAINT ck_claim_losses_how CHECK (how IN ('expired', 'taken')), 
	CONSTRAINT fk_claim_losses_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_claim_losses_id UNIQUE (id)
);
CREATE TABLE proposals (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	material VARCHAR(64), 
	reason BLOB NOT NULL, 
	note BLOB, 
	"by" VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	answered_by VARCHAR(64), 
	answered_at DATETIME, 
	answer BLOB, due_at DATETIME, 
	CONSTRAINT pk_proposals PRIMARY KEY (seq), 
	CONSTRAINT ck_proposals_kind CHECK (kind IN ('refuse_material', 'not_accept')), 
	CONSTRAINT ck_proposals_state CHECK (state IN ('waiting', 'confirmed', 'rejected', 'withdrawn')), 
	CONSTRAINT fk_proposals_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_proposals_id UNIQUE (id)
);
CREATE TABLE picture_hashes (
	seq INTEGER NOT NULL, 
	page_id VARCHAR(40) NOT NULL, 
	hash VARCHAR(16) NOT NULL, 
	q0 INTEGER NOT NULL, 
	q1 INTEGER NOT NULL, 
	q2 INTEGER NOT NULL, 
	q3 INTEGER NOT NULL, 
	CONSTRAINT pk_picture_hashes PRIMARY KEY (seq), 
	CONSTRAINT fk_picture_hashes_page_id FOREIGN KEY(page_id) REFERENCES pages (id), 
	CONSTRAINT uq_picture_hashes_page_id UNIQUE (page_id)
);
CREATE TABLE twins (
	seq INTEGER NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	page VARCHAR(40) NOT NULL, 
	other_case VARCHAR(32) NOT NULL, 
	other_page VARCHAR(40) NOT NULL, 
	likeness VARCHAR(16) NOT NULL, 
	distance INTEGER NOT NULL, 
	found_at DATETIME NOT NULL, 
	CONSTRAINT pk_twins PRIMARY KEY (seq), 
	CONSTRAINT ck_twins_likeness CHECK (likeness IN ('same_file', 'near')), 
	CONSTRAINT fk_twins_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT fk_twins_other_case FOREIGN KEY(other_case) REFERENCES cases (number), 
	CONSTRAINT fk_twins_page FOREIGN KEY(page) REFERENCES pages (id), 
	CONSTRAINT fk_twins_other_page FOREIGN KEY(other_page) REFERENCES pages (id), 
	CONSTRAINT uq_twins_page_other_page UNIQUE (page, other_page)
);
CREATE TABLE twin_answers (
	first VARCHAR(32) NOT NULL, 
	second VARCHAR(32) NOT NULL, 
	answer VARCHAR(16) NOT NULL, 
	note BLOB, 
	"by" VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	outcome VARCHAR(16), 
	settled_by VARCHAR(64), 
	settled_at DATETIME, 
	settled_note BLOB, due_at DATETIME, id VARCHAR(40), 
	CONSTRAINT pk_twin_answers PRIMARY KEY (first, second), 
	CONSTRAINT ck_twin_answers_answer CHECK (answer IN ('different', 'in_order', 'misuse')), 
	CONSTRAINT ck_twin_answers_outcome CHECK (outcome IS NULL OR outcome IN ('cleared', 'confirmed')), 
	CONSTRAINT fk_twin_answers_first FOREIGN KEY(first) REFERENCES cases (number), 
	CONSTRAINT fk_twin_answers_second FOREIGN KEY(second) REFERENCES cases (number)
);
CREATE TABLE truths (
	seq INTEGER NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	page_id VARCHAR(40) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	field VARCHAR(64) NOT NULL, 
	machine BLOB, 
	read_as VARCHAR(16) NOT NULL, 
	confidence FLOAT, 
	band INTEGER NOT NULL, 
	said BLOB, 
	correct BOOLEAN NOT NULL, 
	how VARCHAR(16) NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_truths PRIMARY KEY (seq), 
	CONSTRAINT fk_truths_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT ck_truths_how CHECK (how IN ('corrected', 'confirmed', 'whole_page')), 
	CONSTRAINT fk_truths_page_id FOREIGN KEY(page_id) REFERENCES pages (id), 
	CONSTRAINT uq_truths_id UNIQUE (id)
);
CREATE TABLE truth_counts (
	kind VARCHAR(64) NOT NULL, 
	field VARCHAR(64) NOT NULL, 
	read_as VARCHAR(16) NOT NULL, 
	band INTEGER NOT NULL, 
	n INTEGER NOT NULL, 
	correct INTEGER NOT NULL, 
	CONSTRAINT pk_truth_counts PRIMARY KEY (kind, field, read_as, band)
);
CREATE TABLE judgements (
	seq INTEGER NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	at DATETIME NOT NULL, 
	verdict VARCHAR(16) NOT NULL, 
	reasons INTEGER NOT NULL, 
	CONSTRAINT pk_judgements PRIMARY KEY (seq), 
	CONSTRAINT fk_judgements_case_number FOREIGN KEY(case_number) REFERENCES cases (number)
);
CREATE TABLE doubts (
	seq INTEGER NOT NULL, 
	judgement INTEGER NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	field VARCHAR(64) NOT NULL, 
	band INTEGER NOT NULL, 
	CONSTRAINT pk_doubts PRIMARY KEY (seq), 
	CONSTRAINT fk_doubts_judgement FOREIGN KEY(judgement) REFERENCES judgements (seq)
);
CREATE TABLE thresholds (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	kind VARCHAR(64) NOT NULL, 
	field VARCHAR(64) NOT NULL, 
	least INTEGER NOT NULL, 
	target FLOAT NOT NULL, 
	n INTEGER NOT NULL, 
	correct INTEGER NOT NULL, 
	since DATETIME NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	until DATETIME, 
	ended_by VARCHAR(64), 
	CONSTRAINT pk_thresholds PRIMARY KEY (seq), 
	CONSTRAINT uq_thresholds_id UNIQUE (id)
);
CREATE TABLE samples (
	seq INTEGER NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	share FLOAT NOT NULL, 
	drawn_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	decision VARCHAR(16), 
	corrected INTEGER, 
	agreed BOOLEAN, 
	CONSTRAINT pk_samples PRIMARY KEY (seq), 
	CONSTRAINT fk_samples_case_number FOREIGN KEY(case_number) REFERENCES cases (number)
);
CREATE TABLE sampling_shares (
	seq INTEGER NOT NULL, 
	case_number VARCHAR(32), 
	item_code VARCHAR(64) NOT NULL, 
	share FLOAT NOT NULL, 
	run INTEGER NOT NULL, 
	why VARCHAR(16) NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_sampling_shares PRIMARY KEY (seq), 
	CONSTRAINT fk_sampling_shares_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT ck_sampling_shares_why CHECK (why IN ('agreed', 'disagreed', 'set'))
);
CREATE TABLE clock_requests (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	days INTEGER NOT NULL, 
	reason BLOB NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	asked_at DATETIME NOT NULL, 
	asked_by VARCHAR(64) NOT NULL, 
	procedure VARCHAR(64), 
	assignment VARCHAR(40), 
	settled_at DATETIME, 
	settled_by VARCHAR(64), 
	note BLOB, demands BLOB, due_at DATETIME, 
	CONSTRAINT pk_clock_requests PRIMARY KEY (seq), 
	CONSTRAINT uq_clock_requests_id UNIQUE (id), 
	CONSTRAINT ck_clock_requests_kind CHECK (kind IN ('extension', 'special')), 
	CONSTRAINT ck_clock_requests_state CHECK (state IN ('asked', 'granted', 'declined', 'dropped')), 
	CONSTRAINT fk_clock_requests_case_number FOREIGN KEY(case_number) REFERENCES cases (number)
);
CREATE TABLE department_systems (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	name TEXT NOT NULL, 
	departments JSON NOT NULL, 
	region VARCHAR(12), 
	active BOOLEAN NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_department_systems PRIMARY KEY (seq), 
	CONSTRAINT uq_department_systems_id UNIQUE (id), 
	CONSTRAINT uq_department_systems_name UNIQUE (name)
);
CREATE TABLE department_endpoints (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	system VARCHAR(40) NOT NULL, 
	url TEXT NOT NULL, 
	secret BLOB NOT NULL, 
	previous_secret BLOB, 
	previous_until DATETIME, 
	made_at DATETIME NOT NULL, 
	failing_since DATETIME, 
	disabled_at DATETIME, 
	disabled_why VARCHAR(64), 
	ended_at DATETIME, 
	CONSTRAINT pk_department_endpoints PRIMARY KEY (seq), 
	CONSTRAINT uq_department_endpoints_id UNIQUE (id), 
	CONSTRAINT fk_department_endpoints_system FOREIGN KEY(system) REFERENCES department_systems (id)
);
CREATE TABLE outgoing_messages (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	event VARCHAR(40) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	case_number VARCHAR(32), 
	body TEXT NOT NULL, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_outgoing_messages PRIMARY KEY (seq), 
	CONSTRAINT uq_outgoing_messages_id UNIQUE (id), 
	CONSTRAINT fk_outgoing_messages_case_number FOREIGN KEY(case_number) REFERENCES cases (number)
);
CREATE TABLE outgoing_deliveries (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	message VARCHAR(40) NOT NULL, 
	endpoint VARCHAR(40) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	due_at DATETIME NOT NULL, 
	settled_at DATETIME, deliver_by DATETIME, 
	CONSTRAINT pk_outgoing_deliveries PRIMARY KEY (seq), 
	CONSTRAINT uq_outgoing_deliveries_id UNIQUE (id), 
	CONSTRAINT ck_outgoing_deliveries_state CHECK (state IN ('waiting', 'delivered', 'failed', 'held')), 
	CONSTRAINT fk_outgoing_deliveries_endpoint FOREIGN KEY(endpoint) REFERENCES department_endpoints (id), 
	CONSTRAINT fk_outgoing_deliveries_message FOREIGN KEY(message) REFERENCES outgoing_messages (id), 
	CONSTRAINT uq_outgoing_deliveries_message_endpoint UNIQUE (message, endpoint)
);
CREATE TABLE outgoing_attempts (
	seq INTEGER NOT NULL, 
	delivery VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	status INTEGER, 
	problem VARCHAR(64), 
	took_ms INTEGER NOT NULL, 
	CONSTRAINT pk_outgoing_attempts PRIMARY KEY (seq), 
	CONSTRAINT fk_outgoing_attempts_delivery FOREIGN KEY(delivery) REFERENCES outgoing_deliveries (id)
);
CREATE TABLE bundle_children (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	item VARCHAR(64) NOT NULL, 
	asked_at DATETIME NOT NULL, 
	number VARCHAR(32), 
	opened_at DATETIME, 
	lacking JSON NOT NULL, 
	problem TEXT, 
	CONSTRAINT pk_bundle_children PRIMARY KEY (seq), 
	CONSTRAINT fk_bundle_children_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_bundle_children_id UNIQUE (id), 
	CONSTRAINT uq_bundle_children_number UNIQUE (number), 
	CONSTRAINT uq_bundle_children_case_number_item UNIQUE (case_number, item)
);
CREATE TABLE credit_notes (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	material VARCHAR(64) NOT NULL, 
	promised DATE NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	reason BLOB, 
	repaired_at DATETIME, 
	repaired_by VARCHAR(64), 
	CONSTRAINT pk_credit_notes PRIMARY KEY (seq), 
	CONSTRAINT fk_credit_notes_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_credit_notes_id UNIQUE (id), 
	CONSTRAINT uq_credit_notes_case_number_material UNIQUE (case_number, material)
);
CREATE TABLE rectifications (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	region VARCHAR(12) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	level INTEGER NOT NULL, 
	opened_at DATETIME NOT NULL, 
	rectify_by DATE, 
	due_at DATETIME, 
	handler VARCHAR(40), 
	assigned_at DATETIME, 
	founded BOOLEAN, 
	verified_at DATETIME, 
	found BLOB, 
	measures BLOB, 
	proof VARCHAR(128), 
	proof_name BLOB, 
	proof_type VARCHAR(64), 
	rectified_at DATETIME, 
	rounds INTEGER NOT NULL, 
	extended_at DATETIME, 
	extension BLOB, 
	answered_at DATETIME, 
	resolved BOOLEAN, 
	call_note BLOB, 
	closed_at DATETIME, 
	CONSTRAINT pk_rectifications PRIMARY KEY (seq), 
	CONSTRAINT ck_rectifications_state CHECK (state IN ('opened', 'assigned', 'rectifying', 'call_back', 'closed')), 
	CONSTRAINT fk_rectifications_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_rectifications_id UNIQUE (id), 
	CONSTRAINT uq_rectifications_case_number UNIQUE (case_number)
);
CREATE TABLE complaints (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	number VARCHAR(32) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	person VARCHAR(40) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	region VARCHAR(12) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	filed_at DATETIME NOT NULL, 
	text BLOB, 
	due_at DATETIME, 
	photo VARCHAR(128), 
	picture VARCHAR(128), 
	photo_problem TEXT, 
	level INTEGER NOT NULL, 
	handler VARCHAR(40), 
	taken_at DATETIME, 
	answered_at DATETIME, 
	answered_by VARCHAR(40), 
	answer BLOB, 
	resolved BOOLEAN, 
	raised_at DATETIME, 
	raised_text BLOB, 
	reviewed_at DATETIME, 
	reviewed_by VARCHAR(40), 
	review BLOB, 
	closed_at DATETIME, 
	erased_at DATETIME, 
	CONSTRAINT pk_complaints PRIMARY KEY (seq), 
	CONSTRAINT ck_complaints_kind CHECK (kind IN ('slow', 'attitude', 'repeated', 'fee', 'courier', 'decision', 'other')), 
	CONSTRAINT ck_complaints_state CHECK (state IN ('filed', 'in_hand', 'answered', 'raised', 'closed', 'withdrawn')), 
	CONSTRAINT fk_complaints_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT fk_complaints_person FOREIGN KEY(person) REFERENCES persons (id), 
	CONSTRAINT uq_complaints_id UNIQUE (id), 
	CONSTRAINT uq_complaints_number UNIQUE (number)
);
CREATE TABLE follow_ups (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	region VARCHAR(12) NOT NULL, 
	because VARCHAR(16) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	opened_at DATETIME NOT NULL, 
	due_at DATETIME, 
	tries INTEGER NOT NULL, 
	tried_at DATETIME, 
	outcome VARCHAR(16), 
	note BLOB, 
	ended_at DATETIME, 
	"by" VARCHAR(40), 
	CONSTRAINT pk_follow_ups PRIMARY KEY (seq), 
	CONSTRAINT ck_follow_ups_because CHECK (because IN ('sampled', 'rating')), 
	CONSTRAINT ck_follow_ups_state CHECK (state IN ('open', 'done', 'unreached')), 
	CONSTRAINT ck_follow_ups_outcome CHECK (outcome IS NULL OR outcome IN ('good', 'bad')), 
	CONSTRAINT fk_follow_ups_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_follow_ups_id UNIQUE (id), 
	CONSTRAINT uq_follow_ups_case_number UNIQUE (case_number)
);
CREATE TABLE figure_changes (
	seq INTEGER NOT NULL, 
	day DATE NOT NULL, 
	month DATE NOT NULL, 
	weekday SMALLINT NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	partner VARCHAR(64) NOT NULL, 
	opened INTEGER DEFAULT '0' NOT NULL, 
	is_draft INTEGER DEFAULT '0' NOT NULL, 
	is_submitted INTEGER DEFAULT '0' NOT NULL, 
	is_in_review INTEGER DEFAULT '0' NOT NULL, 
	is_returned INTEGER DEFAULT '0' NOT NULL, 
	is_preaudit_passed INTEGER DEFAULT '0' NOT NULL, 
	is_collecting INTEGER DEFAULT '0' NOT NULL, 
	is_received INTEGER DEFAULT '0' NOT NULL, 
	is_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_processing INTEGER DEFAULT '0' NOT NULL, 
	is_approved INTEGER DEFAULT '0' NOT NULL, 
	is_refused INTEGER DEFAULT '0' NOT NULL, 
	is_concluded INTEGER DEFAULT '0' NOT NULL, 
	is_delivering INTEGER DEFAULT '0' NOT NULL, 
	is_delivered INTEGER DEFAULT '0' NOT NULL, 
	is_withdrawn INTEGER DEFAULT '0' NOT NULL, 
	is_not_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_correction_expired INTEGER DEFAULT '0' NOT NULL, 
	is_aborted INTEGER DEFAULT '0' NOT NULL, 
	submitted INTEGER DEFAULT '0' NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	rounds_0 INTEGER DEFAULT '0' NOT NULL, 
	rounds_1 INTEGER DEFAULT '0' NOT NULL, 
	rounds_2 INTEGER DEFAULT '0' NOT NULL, 
	rounds_3 INTEGER DEFAULT '0' NOT NULL, 
	rounds INTEGER DEFAULT '0' NOT NULL, 
	papers INTEGER DEFAULT '0' NOT NULL, 
	accepted INTEGER DEFAULT '0' NOT NULL, 
	concluded INTEGER DEFAULT '0' NOT NULL, 
	approved INTEGER DEFAULT '0' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL, 
	over_law INTEGER DEFAULT '0' NOT NULL, 
	worked_days INTEGER DEFAULT '0' NOT NULL, 
	delivered INTEGER DEFAULT '0' NOT NULL, 
	trips INTEGER DEFAULT '0' NOT NULL, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	rated_1 INTEGER DEFAULT '0' NOT NULL, 
	rated_2 INTEGER DEFAULT '0' NOT NULL, 
	rated_3 INTEGER DEFAULT '0' NOT NULL, 
	rated_4 INTEGER DEFAULT '0' NOT NULL, 
	rated_5 INTEGER DEFAULT '0' NOT NULL, 
	complaints INTEGER DEFAULT '0' NOT NULL, 
	complaints_answered INTEGER DEFAULT '0' NOT NULL, 
	complaints_heard INTEGER DEFAULT '0' NOT NULL, 
	complaints_resolved INTEGER DEFAULT '0' NOT NULL, 
	orders INTEGER DEFAULT '0' NOT NULL, 
	orders_done INTEGER DEFAULT '0' NOT NULL, 
	orders_failed INTEGER DEFAULT '0' NOT NULL, 
	orders_refused INTEGER DEFAULT '0' NOT NULL, 
	orders_cancelled INTEGER DEFAULT '0' NOT NULL, 
	orders_moved INTEGER DEFAULT '0' NOT NULL, 
	orders_handed INTEGER DEFAULT '0' NOT NULL, 
	orders_on_time INTEGER DEFAULT '0' NOT NULL, 
	in_preaudit BIGINT DEFAULT '0' NOT NULL, 
	in_correction BIGINT DEFAULT '0' NOT NULL, 
	in_collection BIGINT DEFAULT '0' NOT NULL, 
	in_reception BIGINT DEFAULT '0' NOT NULL, 
	in_decision BIGINT DEFAULT '0' NOT NULL, 
	in_result BIGINT DEFAULT '0' NOT NULL, 
	in_delivery BIGINT DEFAULT '0' NOT NULL, 
	orders_seconds BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_changes PRIMARY KEY (seq)
);
CREATE TABLE figure_days (
	seq INTEGER NOT NULL, 
	day DATE NOT NULL, 
	month DATE NOT NULL, 
	weekday SMALLINT NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	partner VARCHAR(64) NOT NULL, 
	opened INTEGER DEFAULT '0' NOT NULL, 
	is_draft INTEGER DEFAULT '0' NOT NULL, 
	is_submitted INTEGER DEFAULT '0' NOT NULL, 
	is_in_review INTEGER DEFAULT '0' NOT NULL, 
	is_returned INTEGER DEFAULT '0' NOT NULL, 
	is_preaudit_passed INTEGER DEFAULT '0' NOT NULL, 
	is_collecting INTEGER DEFAULT '0' NOT NULL, 
	is_received INTEGER DEFAULT '0' NOT NULL, 
	is_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_processing INTEGER DEFAULT '0' NOT NULL, 
	is_approved INTEGER DEFAULT '0' NOT NULL, 
	is_refused INTEGER DEFAULT '0' NOT NULL, 
	is_concluded INTEGER DEFAULT '0' NOT NULL, 
	is_delivering INTEGER DEFAULT '0' NOT NULL, 
	is_delivered INTEGER DEFAULT '0' NOT NULL, 
	is_withdrawn INTEGER DEFAULT '0' NOT NULL, 
	is_not_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_correction_expired INTEGER DEFAULT '0' NOT NULL, 
	is_aborted INTEGER DEFAULT '0' NOT NULL, 
	submitted INTEGER DEFAULT '0' NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	rounds_0 INTEGER DEFAULT '0' NOT NULL, 
	rounds_1 INTEGER DEFAULT '0' NOT NULL, 
	rounds_2 INTEGER DEFAULT '0' NOT NULL, 
	rounds_3 INTEGER DEFAULT '0' NOT NULL, 
	rounds INTEGER DEFAULT '0' NOT NULL, 
	papers INTEGER DEFAULT '0' NOT NULL, 
	accepted INTEGER DEFAULT '0' NOT NULL, 
	concluded INTEGER DEFAULT '0' NOT NULL, 
	approved INTEGER DEFAULT '0' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL, 
	over_law INTEGER DEFAULT '0' NOT NULL, 
	worked_days INTEGER DEFAULT '0' NOT NULL, 
	delivered INTEGER DEFAULT '0' NOT NULL, 
	trips INTEGER DEFAULT '0' NOT NULL, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	rated_1 INTEGER DEFAULT '0' NOT NULL, 
	rated_2 INTEGER DEFAULT '0' NOT NULL, 
	rated_3 INTEGER DEFAULT '0' NOT NULL, 
	rated_4 INTEGER DEFAULT '0' NOT NULL, 
	rated_5 INTEGER DEFAULT '0' NOT NULL, 
	complaints INTEGER DEFAULT '0' NOT NULL, 
	complaints_answered INTEGER DEFAULT '0' NOT NULL, 
	complaints_heard INTEGER DEFAULT '0' NOT NULL, 
	complaints_resolved INTEGER DEFAULT '0' NOT NULL, 
	orders INTEGER DEFAULT '0' NOT NULL, 
	orders_done INTEGER DEFAULT '0' NOT NULL, 
	orders_failed INTEGER DEFAULT '0' NOT NULL, 
	orders_refused INTEGER DEFAULT '0' NOT NULL, 
	orders_cancelled INTEGER DEFAULT '0' NOT NULL, 
	orders_moved INTEGER DEFAULT '0' NOT NULL, 
	orders_handed INTEGER DEFAULT '0' NOT NULL, 
	orders_on_time INTEGER DEFAULT '0' NOT NULL, 
	in_preaudit BIGINT DEFAULT '0' NOT NULL, 
	in_correction BIGINT DEFAULT '0' NOT NULL, 
	in_collection BIGINT DEFAULT '0' NOT NULL, 
	in_reception BIGINT DEFAULT '0' NOT NULL, 
	in_decision BIGINT DEFAULT '0' NOT NULL, 
	in_result BIGINT DEFAULT '0' NOT NULL, 
	in_delivery BIGINT DEFAULT '0' NOT NULL, 
	orders_seconds BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_days PRIMARY KEY (seq)
);
CREATE TABLE figure_months (
	seq INTEGER NOT NULL, 
	month DATE NOT NULL, 
	weekday SMALLINT NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	partner VARCHAR(64) NOT NULL, 
	opened INTEGER DEFAULT '0' NOT NULL, 
	is_draft INTEGER DEFAULT '0' NOT NULL, 
	is_submitted INTEGER DEFAULT '0' NOT NULL, 
	is_in_review INTEGER DEFAULT '0' NOT NULL, 
	is_returned INTEGER DEFAULT '0' NOT NULL, 
	is_preaudit_passed INTEGER DEFAULT '0' NOT NULL, 
	is_collecting INTEGER DEFAULT '0' NOT NULL, 
	is_received INTEGER DEFAULT '0' NOT NULL, 
	is_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_processing INTEGER DEFAULT '0' NOT NULL, 
	is_approved INTEGER DEFAULT '0' NOT NULL, 
	is_refused INTEGER DEFAULT '0' NOT NULL, 
	is_concluded INTEGER DEFAULT '0' NOT NULL, 
	is_delivering INTEGER DEFAULT '0' NOT NULL, 
	is_delivered INTEGER DEFAULT '0' NOT NULL, 
	is_withdrawn INTEGER DEFAULT '0' NOT NULL, 
	is_not_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_correction_expired INTEGER DEFAULT '0' NOT NULL, 
	is_aborted INTEGER DEFAULT '0' NOT NULL, 
	submitted INTEGER DEFAULT '0' NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	rounds_0 INTEGER DEFAULT '0' NOT NULL, 
	rounds_1 INTEGER DEFAULT '0' NOT NULL, 
	rounds_2 INTEGER DEFAULT '0' NOT NULL, 
	rounds_3 INTEGER DEFAULT '0' NOT NULL, 
	rounds INTEGER DEFAULT '0' NOT NULL, 
	papers INTEGER DEFAULT '0' NOT NULL, 
	accepted INTEGER DEFAULT '0' NOT NULL, 
	concluded INTEGER DEFAULT '0' NOT NULL, 
	approved INTEGER DEFAULT '0' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL, 
	over_law INTEGER DEFAULT '0' NOT NULL, 
	worked_days INTEGER DEFAULT '0' NOT NULL, 
	delivered INTEGER DEFAULT '0' NOT NULL, 
	trips INTEGER DEFAULT '0' NOT NULL, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	rated_1 INTEGER DEFAULT '0' NOT NULL, 
	rated_2 INTEGER DEFAULT '0' NOT NULL, 
	rated_3 INTEGER DEFAULT '0' NOT NULL, 
	rated_4 INTEGER DEFAULT '0' NOT NULL, 
	rated_5 INTEGER DEFAULT '0' NOT NULL, 
	complaints INTEGER DEFAULT '0' NOT NULL, 
	complaints_answered INTEGER DEFAULT '0' NOT NULL, 
	complaints_heard INTEGER DEFAULT '0' NOT NULL, 
	complaints_resolved INTEGER DEFAULT '0' NOT NULL, 
	orders INTEGER DEFAULT '0' NOT NULL, 
	orders_done INTEGER DEFAULT '0' NOT NULL, 
	orders_failed INTEGER DEFAULT '0' NOT NULL, 
	orders_refused INTEGER DEFAULT '0' NOT NULL, 
	orders_cancelled INTEGER DEFAULT '0' NOT NULL, 
	orders_moved INTEGER DEFAULT '0' NOT NULL, 
	orders_handed INTEGER DEFAULT '0' NOT NULL, 
	orders_on_time INTEGER DEFAULT '0' NOT NULL, 
	in_preaudit BIGINT DEFAULT '0' NOT NULL, 
	in_correction BIGINT DEFAULT '0' NOT NULL, 
	in_collection BIGINT DEFAULT '0' NOT NULL, 
	in_reception BIGINT DEFAULT '0' NOT NULL, 
	in_decision BIGINT DEFAULT '0' NOT NULL, 
	in_result BIGINT DEFAULT '0' NOT NULL, 
	in_delivery BIGINT DEFAULT '0' NOT NULL, 
	orders_seconds BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_months PRIMARY KEY (seq)
);
CREATE TABLE case_figures (
	case_number VARCHAR(32) NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	opened_at DATETIME NOT NULL, 
	submitted_at DATETIME, 
	hour SMALLINT, 
	weekday SMALLINT, 
	passed_at DATETIME, 
	accepted_at DATETIME, 
	concluded_at DATETIME, 
	delivered_at DATETIME, 
	rated_at DATETIME, 
	rounds INTEGER NOT NULL, 
	papers INTEGER NOT NULL, 
	approved BOOLEAN, 
	late BOOLEAN NOT NULL, 
	over_law BOOLEAN NOT NULL, 
	worked_days INTEGER NOT NULL, 
	trips INTEGER NOT NULL, 
	minutes INTEGER NOT NULL, 
	level INTEGER, 
	counted JSON NOT NULL, 
	CONSTRAINT pk_case_figures PRIMARY KEY (case_number), 
	CONSTRAINT fk_case_figures_case_number FOREIGN KEY(case_number) REFERENCES cases (number)
);
CREATE TABLE order_figures (
	booking_id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	partner VARCHAR(32) NOT NULL, 
	direction VARCHAR(16) NOT NULL, 
	state VARCHAR(32) NOT NULL, 
	requested_at DATETIME NOT NULL, 
	moved_at DATETIME, 
	on_time BOOLEAN NOT NULL, 
	seconds BIGINT, 
	CONSTRAINT pk_order_figures PRIMARY KEY (booking_id), 
	CONSTRAINT fk_order_figures_case_number FOREIGN KEY(case_number) REFERENCES cases (number)
);
CREATE TABLE "staff" (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	login VARCHAR(64) NOT NULL, 
	name TEXT NOT NULL, 
	password_hash TEXT NOT NULL, 
	totp_secret BLOB NOT NULL, 
	totp_step INTEGER NOT NULL, 
	roles JSON NOT NULL, 
	departments JSON NOT NULL, 
	region VARCHAR(12), 
	active BOOLEAN NOT NULL, 
	failures INTEGER NOT NULL, 
	locked_until DATETIME, 
	made_at DATETIME NOT NULL, 
	totp_pending BLOB, 
	provider_identity VARCHAR(64), 
	CONSTRAINT pk_staff PRIMARY KEY (seq), 
	CONSTRAINT uq_staff_login UNIQUE (login), 
	CONSTRAINT uq_staff_id UNIQUE (id), 
	CONSTRAINT uq_staff_provider_identity UNIQUE (provider_identity)
);
CREATE TABLE oidc_logins (
	state_hash VARCHAR(64) NOT NULL, 
	nonce BLOB NOT NULL, 
	verifier BLOB NOT NULL, 
	back TEXT NOT NULL, 
	ends_at DATETIME NOT NULL, 
	CONSTRAINT pk_oidc_logins PRIMARY KEY (state_hash)
);
CREATE TABLE item_drafts (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	base INTEGER, 
	region VARCHAR(12) NOT NULL, 
	name TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	definition JSON NOT NULL, 
	revision INTEGER NOT NULL, 
	editors JSON NOT NULL, 
	linted INTEGER NOT NULL, 
	misfits JSON NOT NULL, 
	made_by VARCHAR(64) NOT NULL, 
	made_at DATETIME NOT NULL, 
	changed_by VARCHAR(64) NOT NULL, 
	changed_at DATETIME NOT NULL, 
	note TEXT NOT NULL, 
	proposed_by VARCHAR(64), 
	proposed_at DATETIME, 
	opinion TEXT NOT NULL, 
	decided_by VARCHAR(64), 
	decided_at DATETIME, 
	version INTEGER, 
	valid_from DATE, 
	CONSTRAINT pk_item_drafts PRIMARY KEY (seq), 
	CONSTRAINT ck_item_drafts_state CHECK (state IN ('editing', 'linted', 'proposed', 'approved', 'rejected', 'published', 'withdrawn', 'abandoned')), 
	CONSTRAINT uq_item_drafts_id UNIQUE (id)
);
CREATE TABLE item_backtests (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	draft VARCHAR(40) NOT NULL, 
	code VARCHAR(64) NOT NULL, 
	revision INTEGER NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	most INTEGER NOT NULL, 
	total INTEGER NOT NULL, 
	done INTEGER NOT NULL, 
	changed INTEGER NOT NULL, 
	changes BLOB, 
	asked_by VARCHAR(64) NOT NULL, 
	asked_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	CONSTRAINT pk_item_backtests PRIMARY KEY (seq), 
	CONSTRAINT ck_item_backtests_state CHECK (state IN ('waiting', 'running', 'done', 'failed')), 
	CONSTRAINT uq_item_backtests_id UNIQUE (id)
);
CREATE TABLE "jobs" (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	subject VARCHAR(128) NOT NULL, 
	dedupe VARCHAR(200), 
	state VARCHAR(16) NOT NULL, 
	queue VARCHAR(16) NOT NULL, 
	due_at DATETIME NOT NULL, 
	again_at DATETIME, 
	rung_at DATETIME, 
	attempts INTEGER NOT NULL, 
	max_attempts INTEGER NOT NULL, 
	expired_leases INTEGER NOT NULL, 
	lease_until DATETIME, 
	made_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	error TEXT, 
	background BOOLEAN DEFAULT 0 NOT NULL, share VARCHAR(64) DEFAULT '' NOT NULL, turn BIGINT DEFAULT '0' NOT NULL, urgent BOOLEAN DEFAULT 0 NOT NULL, case_number VARCHAR(32), request VARCHAR(64), 
	CONSTRAINT pk_jobs PRIMARY KEY (seq), 
	CONSTRAINT ck_jobs_state CHECK (state IN ('queued', 'running', 'done', 'failed', 'quarantined')), 
	CONSTRAINT ck_jobs_queue CHECK (queue IN ('reader', 'worker', 'solitary')), 
	CONSTRAINT uq_jobs_id UNIQUE (id), 
	CONSTRAINT ck_jobs_kind CHECK (kind IN ('page.read', 'case.judge', 'case.route', 'courier.book', 'courier.find', 'courier.cancel', 'courier.poll', 'courier.subscribe', 'pickup.book', 'pickup.find', 'pickup.cancel', 'inbox.handle', 'document.make', 'notice.send', 'registry.ask', 'webhook.send', 'bundle.open', 'complaint.picture', 'item.lint', 'item.backtest'))
);
CREATE TABLE decision_files (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	assignment VARCHAR(40) NOT NULL, 
	name BLOB NOT NULL, 
	media_type VARCHAR(64) NOT NULL, 
	size INTEGER NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	blob VARCHAR(128) NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	checked_at DATETIME, 
	picture VARCHAR(128), 
	problem TEXT, 
	removed_at DATETIME, 
	CONSTRAINT pk_decision_files PRIMARY KEY (seq), 
	CONSTRAINT fk_decision_files_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_decision_files_id UNIQUE (id)
);
CREATE TABLE supervision_versions (
	seq INTEGER NOT NULL, 
	said JSON NOT NULL, 
	why TEXT NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_supervision_versions PRIMARY KEY (seq)
);
CREATE TABLE "urges" (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	subject VARCHAR(40) NOT NULL, 
	due DATETIME NOT NULL, 
	step INTEGER NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	region VARCHAR(12) NOT NULL, 
	staff VARCHAR(40), 
	message BLOB, 
	made_at DATETIME NOT NULL, 
	"by" VARCHAR(40), 
	acknowledged_at DATETIME, 
	acknowledged_by VARCHAR(40), 
	ended_at DATETIME, 
	CONSTRAINT pk_urges PRIMARY KEY (seq), 
	CONSTRAINT uq_urges_id UNIQUE (id), 
	CONSTRAINT ck_urges_role CHECK (role IN ('intake', 'pre_auditor', 'clerk', 'supervisor', 'item_manager', 'auditor', 'administrator', 'grid', 'agent')), 
	CONSTRAINT fk_urges_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT ck_urges_kind CHECK (kind IN ('state', 'promised', 'statutory', 'assignment', 'incident', 'transfer', 'receipt', 'deferral', 'rectification', 'complaint', 'follow_up', 'clock_request', 'proposal', 'misuse', 'child', 'booking', 'letter', 'notice', 'outgoing', 'page'))
);
CREATE TABLE misses (
	who VARCHAR(64) NOT NULL, 
	count INTEGER NOT NULL, 
	ends_at DATETIME NOT NULL, 
	CONSTRAINT pk_misses PRIMARY KEY (who)
);
CREATE TABLE deletions (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	at DATETIME NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	rule JSON NOT NULL, 
	things INTEGER NOT NULL, 
	blobs INTEGER NOT NULL, 
	names JSON NOT NULL, 
	digest VARCHAR(64) NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_deletions PRIMARY KEY (seq), 
	CONSTRAINT ck_deletions_kind CHECK (kind IN ('draft', 'abandoned', 'application', 'working_copy', 'truth', 'parcel_photo', 'label', 'message', 'push', 'appointment', 'pickup', 'complaint', 'session', 'stray', 'backtest', 'requested', 'kiosk_scan', 'one_time_code', 'claim_loss', 'answer', 'upload', 'access')), 
	CONSTRAINT uq_deletions_id UNIQUE (id)
);
CREATE TABLE doomed_blobs (
	"key" VARCHAR(64) NOT NULL, 
	since DATETIME NOT NULL, 
	CONSTRAINT pk_doomed_blobs PRIMARY KEY ("key")
);
CREATE TABLE legal_holds (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	case_number VARCHAR(32) NOT NULL, 
	reason BLOB NOT NULL, 
	at DATETIME NOT NULL, 
	"by" VARCHAR(64) NOT NULL, 
	ended_at DATETIME, 
	ended_by VARCHAR(64), 
	CONSTRAINT pk_legal_holds PRIMARY KEY (seq), 
	CONSTRAINT fk_legal_holds_case_number FOREIGN KEY(case_number) REFERENCES cases (number), 
	CONSTRAINT uq_legal_holds_id UNIQUE (id)
);
CREATE TABLE record_checks (
	seq INTEGER NOT NULL, 
	started_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	after_chain VARCHAR(64), 
	after_anchor INTEGER, 
	chains INTEGER NOT NULL, 
	lines INTEGER NOT NULL, 
	anchors INTEGER NOT NULL, 
	bad_chain VARCHAR(64), 
	bad_position INTEGER, 
	bad_what TEXT, 
	CONSTRAINT pk_record_checks PRIMARY KEY (seq)
);
CREATE TABLE meters (
	name VARCHAR(64) NOT NULL, 
	labels VARCHAR(200) NOT NULL, 
	value FLOAT NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_meters PRIMARY KEY (name, labels)
);
CREATE TABLE processes (
	id VARCHAR(40) NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	started_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	memory_bytes INTEGER NOT NULL, 
	CONSTRAINT pk_processes PRIMARY KEY (id)
);
CREATE TABLE figure_totals (
	seq INTEGER NOT NULL, 
	weekday SMALLINT NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	partner VARCHAR(64) NOT NULL, 
	opened INTEGER DEFAULT '0' NOT NULL, 
	is_draft INTEGER DEFAULT '0' NOT NULL, 
	is_submitted INTEGER DEFAULT '0' NOT NULL, 
	is_in_review INTEGER DEFAULT '0' NOT NULL, 
	is_returned INTEGER DEFAULT '0' NOT NULL, 
	is_preaudit_passed INTEGER DEFAULT '0' NOT NULL, 
	is_collecting INTEGER DEFAULT '0' NOT NULL, 
	is_received INTEGER DEFAULT '0' NOT NULL, 
	is_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_processing INTEGER DEFAULT '0' NOT NULL, 
	is_approved INTEGER DEFAULT '0' NOT NULL, 
	is_refused INTEGER DEFAULT '0' NOT NULL, 
	is_concluded INTEGER DEFAULT '0' NOT NULL, 
	is_delivering INTEGER DEFAULT '0' NOT NULL, 
	is_delivered INTEGER DEFAULT '0' NOT NULL, 
	is_withdrawn INTEGER DEFAULT '0' NOT NULL, 
	is_not_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_correction_expired INTEGER DEFAULT '0' NOT NULL, 
	is_aborted INTEGER DEFAULT '0' NOT NULL, 
	submitted INTEGER DEFAULT '0' NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	rounds_0 INTEGER DEFAULT '0' NOT NULL, 
	rounds_1 INTEGER DEFAULT '0' NOT NULL, 
	rounds_2 INTEGER DEFAULT '0' NOT NULL, 
	rounds_3 INTEGER DEFAULT '0' NOT NULL, 
	rounds INTEGER DEFAULT '0' NOT NULL, 
	papers INTEGER DEFAULT '0' NOT NULL, 
	accepted INTEGER DEFAULT '0' NOT NULL, 
	concluded INTEGER DEFAULT '0' NOT NULL, 
	approved INTEGER DEFAULT '0' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL, 
	over_law INTEGER DEFAULT '0' NOT NULL, 
	worked_days INTEGER DEFAULT '0' NOT NULL, 
	delivered INTEGER DEFAULT '0' NOT NULL, 
	trips INTEGER DEFAULT '0' NOT NULL, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	rated_1 INTEGER DEFAULT '0' NOT NULL, 
	rated_2 INTEGER DEFAULT '0' NOT NULL, 
	rated_3 INTEGER DEFAULT '0' NOT NULL, 
	rated_4 INTEGER DEFAULT '0' NOT NULL, 
	rated_5 INTEGER DEFAULT '0' NOT NULL, 
	complaints INTEGER DEFAULT '0' NOT NULL, 
	complaints_answered INTEGER DEFAULT '0' NOT NULL, 
	complaints_heard INTEGER DEFAULT '0' NOT NULL, 
	complaints_resolved INTEGER DEFAULT '0' NOT NULL, 
	orders INTEGER DEFAULT '0' NOT NULL, 
	orders_done INTEGER DEFAULT '0' NOT NULL, 
	orders_failed INTEGER DEFAULT '0' NOT NULL, 
	orders_refused INTEGER DEFAULT '0' NOT NULL, 
	orders_cancelled INTEGER DEFAULT '0' NOT NULL, 
	orders_moved INTEGER DEFAULT '0' NOT NULL, 
	orders_handed INTEGER DEFAULT '0' NOT NULL, 
	orders_on_time INTEGER DEFAULT '0' NOT NULL, 
	in_preaudit BIGINT DEFAULT '0' NOT NULL, 
	in_correction BIGINT DEFAULT '0' NOT NULL, 
	in_collection BIGINT DEFAULT '0' NOT NULL, 
	in_reception BIGINT DEFAULT '0' NOT NULL, 
	in_decision BIGINT DEFAULT '0' NOT NULL, 
	in_result BIGINT DEFAULT '0' NOT NULL, 
	in_delivery BIGINT DEFAULT '0' NOT NULL, 
	orders_seconds BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_totals PRIMARY KEY (seq)
);
CREATE TABLE figure_month_totals (
	seq INTEGER NOT NULL, 
	month DATE NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	partner VARCHAR(64) NOT NULL, 
	opened INTEGER DEFAULT '0' NOT NULL, 
	is_draft INTEGER DEFAULT '0' NOT NULL, 
	is_submitted INTEGER DEFAULT '0' NOT NULL, 
	is_in_review INTEGER DEFAULT '0' NOT NULL, 
	is_returned INTEGER DEFAULT '0' NOT NULL, 
	is_preaudit_passed INTEGER DEFAULT '0' NOT NULL, 
	is_collecting INTEGER DEFAULT '0' NOT NULL, 
	is_received INTEGER DEFAULT '0' NOT NULL, 
	is_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_processing INTEGER DEFAULT '0' NOT NULL, 
	is_approved INTEGER DEFAULT '0' NOT NULL, 
	is_refused INTEGER DEFAULT '0' NOT NULL, 
	is_concluded INTEGER DEFAULT '0' NOT NULL, 
	is_delivering INTEGER DEFAULT '0' NOT NULL, 
	is_delivered INTEGER DEFAULT '0' NOT NULL, 
	is_withdrawn INTEGER DEFAULT '0' NOT NULL, 
	is_not_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_correction_expired INTEGER DEFAULT '0' NOT NULL, 
	is_aborted INTEGER DEFAULT '0' NOT NULL, 
	submitted INTEGER DEFAULT '0' NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	rounds_0 INTEGER DEFAULT '0' NOT NULL, 
	rounds_1 INTEGER DEFAULT '0' NOT NULL, 
	rounds_2 INTEGER DEFAULT '0' NOT NULL, 
	rounds_3 INTEGER DEFAULT '0' NOT NULL, 
	rounds INTEGER DEFAULT '0' NOT NULL, 
	papers INTEGER DEFAULT '0' NOT NULL, 
	accepted INTEGER DEFAULT '0' NOT NULL, 
	concluded INTEGER DEFAULT '0' NOT NULL, 
	approved INTEGER DEFAULT '0' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL, 
	over_law INTEGER DEFAULT '0' NOT NULL, 
	worked_days INTEGER DEFAULT '0' NOT NULL, 
	delivered INTEGER DEFAULT '0' NOT NULL, 
	trips INTEGER DEFAULT '0' NOT NULL, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	rated_1 INTEGER DEFAULT '0' NOT NULL, 
	rated_2 INTEGER DEFAULT '0' NOT NULL, 
	rated_3 INTEGER DEFAULT '0' NOT NULL, 
	rated_4 INTEGER DEFAULT '0' NOT NULL, 
	rated_5 INTEGER DEFAULT '0' NOT NULL, 
	complaints INTEGER DEFAULT '0' NOT NULL, 
	complaints_answered INTEGER DEFAULT '0' NOT NULL, 
	complaints_heard INTEGER DEFAULT '0' NOT NULL, 
	complaints_resolved INTEGER DEFAULT '0' NOT NULL, 
	orders INTEGER DEFAULT '0' NOT NULL, 
	orders_done INTEGER DEFAULT '0' NOT NULL, 
	orders_failed INTEGER DEFAULT '0' NOT NULL, 
	orders_refused INTEGER DEFAULT '0' NOT NULL, 
	orders_cancelled INTEGER DEFAULT '0' NOT NULL, 
	orders_moved INTEGER DEFAULT '0' NOT NULL, 
	orders_handed INTEGER DEFAULT '0' NOT NULL, 
	orders_on_time INTEGER DEFAULT '0' NOT NULL, 
	in_preaudit BIGINT DEFAULT '0' NOT NULL, 
	in_correction BIGINT DEFAULT '0' NOT NULL, 
	in_collection BIGINT DEFAULT '0' NOT NULL, 
	in_reception BIGINT DEFAULT '0' NOT NULL, 
	in_decision BIGINT DEFAULT '0' NOT NULL, 
	in_result BIGINT DEFAULT '0' NOT NULL, 
	in_delivery BIGINT DEFAULT '0' NOT NULL, 
	orders_seconds BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_month_totals PRIMARY KEY (seq)
);
CREATE TABLE jobs_over (
	seq INTEGER NOT NULL, 
	id VARCHAR(40) NOT NULL, 
	kind VARCHAR(32) NOT NULL, 
	subject VARCHAR(128) NOT NULL, 
	dedupe VARCHAR(200), 
	state VARCHAR(16) NOT NULL, 
	queue VARCHAR(16) NOT NULL, 
	due_at DATETIME NOT NULL, 
	again_at DATETIME, 
	rung_at DATETIME, 
	attempts INTEGER NOT NULL, 
	max_attempts INTEGER NOT NULL, 
	expired_leases INTEGER NOT NULL, 
	lease_until DATETIME, 
	made_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	error TEXT, 
	background BOOLEAN NOT NULL, 
	share VARCHAR(64) NOT NULL, 
	turn BIGINT NOT NULL, 
	urgent BOOLEAN NOT NULL, 
	case_number VARCHAR(32), 
	request VARCHAR(64), 
	CONSTRAINT pk_jobs_over PRIMARY KEY (seq), 
	CONSTRAINT ck_jobs_over_state CHECK (state IN ('queued', 'running', 'done', 'failed', 'quarantined')), 
	CONSTRAINT uq_jobs_over_id UNIQUE (id)
);
CREATE TABLE figure_sums (
	seq INTEGER NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	partner VARCHAR(64) NOT NULL, 
	opened INTEGER DEFAULT '0' NOT NULL, 
	is_draft INTEGER DEFAULT '0' NOT NULL, 
	is_submitted INTEGER DEFAULT '0' NOT NULL, 
	is_in_review INTEGER DEFAULT '0' NOT NULL, 
	is_returned INTEGER DEFAULT '0' NOT NULL, 
	is_preaudit_passed INTEGER DEFAULT '0' NOT NULL, 
	is_collecting INTEGER DEFAULT '0' NOT NULL, 
	is_received INTEGER DEFAULT '0' NOT NULL, 
	is_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_processing INTEGER DEFAULT '0' NOT NULL, 
	is_approved INTEGER DEFAULT '0' NOT NULL, 
	is_refused INTEGER DEFAULT '0' NOT NULL, 
	is_concluded INTEGER DEFAULT '0' NOT NULL, 
	is_delivering INTEGER DEFAULT '0' NOT NULL, 
	is_delivered INTEGER DEFAULT '0' NOT NULL, 
	is_withdrawn INTEGER DEFAULT '0' NOT NULL, 
	is_not_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_correction_expired INTEGER DEFAULT '0' NOT NULL, 
	is_aborted INTEGER DEFAULT '0' NOT NULL, 
	submitted INTEGER DEFAULT '0' NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	rounds_0 INTEGER DEFAULT '0' NOT NULL, 
	rounds_1 INTEGER DEFAULT '0' NOT NULL, 
	rounds_2 INTEGER DEFAULT '0' NOT NULL, 
	rounds_3 INTEGER DEFAULT '0' NOT NULL, 
	rounds INTEGER DEFAULT '0' NOT NULL, 
	papers INTEGER DEFAULT '0' NOT NULL, 
	accepted INTEGER DEFAULT '0' NOT NULL, 
	concluded INTEGER DEFAULT '0' NOT NULL, 
	approved INTEGER DEFAULT '0' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL, 
	over_law INTEGER DEFAULT '0' NOT NULL, 
	worked_days INTEGER DEFAULT '0' NOT NULL, 
	delivered INTEGER DEFAULT '0' NOT NULL, 
	trips INTEGER DEFAULT '0' NOT NULL, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	rated_1 INTEGER DEFAULT '0' NOT NULL, 
	rated_2 INTEGER DEFAULT '0' NOT NULL, 
	rated_3 INTEGER DEFAULT '0' NOT NULL, 
	rated_4 INTEGER DEFAULT '0' NOT NULL, 
	rated_5 INTEGER DEFAULT '0' NOT NULL, 
	complaints INTEGER DEFAULT '0' NOT NULL, 
	complaints_answered INTEGER DEFAULT '0' NOT NULL, 
	complaints_heard INTEGER DEFAULT '0' NOT NULL, 
	complaints_resolved INTEGER DEFAULT '0' NOT NULL, 
	orders INTEGER DEFAULT '0' NOT NULL, 
	orders_done INTEGER DEFAULT '0' NOT NULL, 
	orders_failed INTEGER DEFAULT '0' NOT NULL, 
	orders_refused INTEGER DEFAULT '0' NOT NULL, 
	orders_cancelled INTEGER DEFAULT '0' NOT NULL, 
	orders_moved INTEGER DEFAULT '0' NOT NULL, 
	orders_handed INTEGER DEFAULT '0' NOT NULL, 
	orders_on_time INTEGER DEFAULT '0' NOT NULL, 
	in_preaudit BIGINT DEFAULT '0' NOT NULL, 
	in_correction BIGINT DEFAULT '0' NOT NULL, 
	in_collection BIGINT DEFAULT '0' NOT NULL, 
	in_reception BIGINT DEFAULT '0' NOT NULL, 
	in_decision BIGINT DEFAULT '0' NOT NULL, 
	in_result BIGINT DEFAULT '0' NOT NULL, 
	in_delivery BIGINT DEFAULT '0' NOT NULL, 
	orders_seconds BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_sums PRIMARY KEY (seq)
);
CREATE TABLE figure_office_months (
	seq INTEGER NOT NULL, 
	month DATE NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	opened INTEGER DEFAULT '0' NOT NULL, 
	is_draft INTEGER DEFAULT '0' NOT NULL, 
	is_submitted INTEGER DEFAULT '0' NOT NULL, 
	is_in_review INTEGER DEFAULT '0' NOT NULL, 
	is_returned INTEGER DEFAULT '0' NOT NULL, 
	is_preaudit_passed INTEGER DEFAULT '0' NOT NULL, 
	is_collecting INTEGER DEFAULT '0' NOT NULL, 
	is_received INTEGER DEFAULT '0' NOT NULL, 
	is_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_processing INTEGER DEFAULT '0' NOT NULL, 
	is_approved INTEGER DEFAULT '0' NOT NULL, 
	is_refused INTEGER DEFAULT '0' NOT NULL, 
	is_concluded INTEGER DEFAULT '0' NOT NULL, 
	is_delivering INTEGER DEFAULT '0' NOT NULL, 
	is_delivered INTEGER DEFAULT '0' NOT NULL, 
	is_withdrawn INTEGER DEFAULT '0' NOT NULL, 
	is_not_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_correction_expired INTEGER DEFAULT '0' NOT NULL, 
	is_aborted INTEGER DEFAULT '0' NOT NULL, 
	submitted INTEGER DEFAULT '0' NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	rounds_0 INTEGER DEFAULT '0' NOT NULL, 
	rounds_1 INTEGER DEFAULT '0' NOT NULL, 
	rounds_2 INTEGER DEFAULT '0' NOT NULL, 
	rounds_3 INTEGER DEFAULT '0' NOT NULL, 
	rounds INTEGER DEFAULT '0' NOT NULL, 
	papers INTEGER DEFAULT '0' NOT NULL, 
	accepted INTEGER DEFAULT '0' NOT NULL, 
	concluded INTEGER DEFAULT '0' NOT NULL, 
	approved INTEGER DEFAULT '0' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL, 
	over_law INTEGER DEFAULT '0' NOT NULL, 
	worked_days INTEGER DEFAULT '0' NOT NULL, 
	delivered INTEGER DEFAULT '0' NOT NULL, 
	trips INTEGER DEFAULT '0' NOT NULL, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	rated_1 INTEGER DEFAULT '0' NOT NULL, 
	rated_2 INTEGER DEFAULT '0' NOT NULL, 
	rated_3 INTEGER DEFAULT '0' NOT NULL, 
	rated_4 INTEGER DEFAULT '0' NOT NULL, 
	rated_5 INTEGER DEFAULT '0' NOT NULL, 
	complaints INTEGER DEFAULT '0' NOT NULL, 
	complaints_answered INTEGER DEFAULT '0' NOT NULL, 
	complaints_heard INTEGER DEFAULT '0' NOT NULL, 
	complaints_resolved INTEGER DEFAULT '0' NOT NULL, 
	orders INTEGER DEFAULT '0' NOT NULL, 
	orders_done INTEGER DEFAULT '0' NOT NULL, 
	orders_failed INTEGER DEFAULT '0' NOT NULL, 
	orders_refused INTEGER DEFAULT '0' NOT NULL, 
	orders_cancelled INTEGER DEFAULT '0' NOT NULL, 
	orders_moved INTEGER DEFAULT '0' NOT NULL, 
	orders_handed INTEGER DEFAULT '0' NOT NULL, 
	orders_on_time INTEGER DEFAULT '0' NOT NULL, 
	in_preaudit BIGINT DEFAULT '0' NOT NULL, 
	in_correction BIGINT DEFAULT '0' NOT NULL, 
	in_collection BIGINT DEFAULT '0' NOT NULL, 
	in_reception BIGINT DEFAULT '0' NOT NULL, 
	in_decision BIGINT DEFAULT '0' NOT NULL, 
	in_result BIGINT DEFAULT '0' NOT NULL, 
	in_delivery BIGINT DEFAULT '0' NOT NULL, 
	orders_seconds BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_office_months PRIMARY KEY (seq)
);
CREATE TABLE figure_office_hours (
	seq INTEGER NOT NULL, 
	month DATE NOT NULL, 
	weekday SMALLINT NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_office_hours PRIMARY KEY (seq)
);
CREATE TABLE figure_office_days (
	seq INTEGER NOT NULL, 
	day DATE NOT NULL, 
	month DATE NOT NULL, 
	weekday SMALLINT NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	opened INTEGER DEFAULT '0' NOT NULL, 
	is_draft INTEGER DEFAULT '0' NOT NULL, 
	is_submitted INTEGER DEFAULT '0' NOT NULL, 
	is_in_review INTEGER DEFAULT '0' NOT NULL, 
	is_returned INTEGER DEFAULT '0' NOT NULL, 
	is_preaudit_passed INTEGER DEFAULT '0' NOT NULL, 
	is_collecting INTEGER DEFAULT '0' NOT NULL, 
	is_received INTEGER DEFAULT '0' NOT NULL, 
	is_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_processing INTEGER DEFAULT '0' NOT NULL, 
	is_approved INTEGER DEFAULT '0' NOT NULL, 
	is_refused INTEGER DEFAULT '0' NOT NULL, 
	is_concluded INTEGER DEFAULT '0' NOT NULL, 
	is_delivering INTEGER DEFAULT '0' NOT NULL, 
	is_delivered INTEGER DEFAULT '0' NOT NULL, 
	is_withdrawn INTEGER DEFAULT '0' NOT NULL, 
	is_not_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_correction_expired INTEGER DEFAULT '0' NOT NULL, 
	is_aborted INTEGER DEFAULT '0' NOT NULL, 
	submitted INTEGER DEFAULT '0' NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	rounds_0 INTEGER DEFAULT '0' NOT NULL, 
	rounds_1 INTEGER DEFAULT '0' NOT NULL, 
	rounds_2 INTEGER DEFAULT '0' NOT NULL, 
	rounds_3 INTEGER DEFAULT '0' NOT NULL, 
	rounds INTEGER DEFAULT '0' NOT NULL, 
	papers INTEGER DEFAULT '0' NOT NULL, 
	accepted INTEGER DEFAULT '0' NOT NULL, 
	concluded INTEGER DEFAULT '0' NOT NULL, 
	approved INTEGER DEFAULT '0' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL, 
	over_law INTEGER DEFAULT '0' NOT NULL, 
	worked_days INTEGER DEFAULT '0' NOT NULL, 
	delivered INTEGER DEFAULT '0' NOT NULL, 
	trips INTEGER DEFAULT '0' NOT NULL, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	rated_1 INTEGER DEFAULT '0' NOT NULL, 
	rated_2 INTEGER DEFAULT '0' NOT NULL, 
	rated_3 INTEGER DEFAULT '0' NOT NULL, 
	rated_4 INTEGER DEFAULT '0' NOT NULL, 
	rated_5 INTEGER DEFAULT '0' NOT NULL, 
	complaints INTEGER DEFAULT '0' NOT NULL, 
	complaints_answered INTEGER DEFAULT '0' NOT NULL, 
	complaints_heard INTEGER DEFAULT '0' NOT NULL, 
	complaints_resolved INTEGER DEFAULT '0' NOT NULL, 
	orders INTEGER DEFAULT '0' NOT NULL, 
	orders_done INTEGER DEFAULT '0' NOT NULL, 
	orders_failed INTEGER DEFAULT '0' NOT NULL, 
	orders_refused INTEGER DEFAULT '0' NOT NULL, 
	orders_cancelled INTEGER DEFAULT '0' NOT NULL, 
	orders_moved INTEGER DEFAULT '0' NOT NULL, 
	orders_handed INTEGER DEFAULT '0' NOT NULL, 
	orders_on_time INTEGER DEFAULT '0' NOT NULL, 
	in_preaudit BIGINT DEFAULT '0' NOT NULL, 
	in_correction BIGINT DEFAULT '0' NOT NULL, 
	in_collection BIGINT DEFAULT '0' NOT NULL, 
	in_reception BIGINT DEFAULT '0' NOT NULL, 
	in_decision BIGINT DEFAULT '0' NOT NULL, 
	in_result BIGINT DEFAULT '0' NOT NULL, 
	in_delivery BIGINT DEFAULT '0' NOT NULL, 
	orders_seconds BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_office_days PRIMARY KEY (seq)
);
CREATE TABLE figure_thirds (
	seq INTEGER NOT NULL, 
	third INTEGER NOT NULL, 
	month DATE NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	partner VARCHAR(64) NOT NULL, 
	opened INTEGER DEFAULT '0' NOT NULL, 
	is_draft INTEGER DEFAULT '0' NOT NULL, 
	is_submitted INTEGER DEFAULT '0' NOT NULL, 
	is_in_review INTEGER DEFAULT '0' NOT NULL, 
	is_returned INTEGER DEFAULT '0' NOT NULL, 
	is_preaudit_passed INTEGER DEFAULT '0' NOT NULL, 
	is_collecting INTEGER DEFAULT '0' NOT NULL, 
	is_received INTEGER DEFAULT '0' NOT NULL, 
	is_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_processing INTEGER DEFAULT '0' NOT NULL, 
	is_approved INTEGER DEFAULT '0' NOT NULL, 
	is_refused INTEGER DEFAULT '0' NOT NULL, 
	is_concluded INTEGER DEFAULT '0' NOT NULL, 
	is_delivering INTEGER DEFAULT '0' NOT NULL, 
	is_delivered INTEGER DEFAULT '0' NOT NULL, 
	is_withdrawn INTEGER DEFAULT '0' NOT NULL, 
	is_not_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_correction_expired INTEGER DEFAULT '0' NOT NULL, 
	is_aborted INTEGER DEFAULT '0' NOT NULL, 
	submitted INTEGER DEFAULT '0' NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	rounds_0 INTEGER DEFAULT '0' NOT NULL, 
	rounds_1 INTEGER DEFAULT '0' NOT NULL, 
	rounds_2 INTEGER DEFAULT '0' NOT NULL, 
	rounds_3 INTEGER DEFAULT '0' NOT NULL, 
	rounds INTEGER DEFAULT '0' NOT NULL, 
	papers INTEGER DEFAULT '0' NOT NULL, 
	accepted INTEGER DEFAULT '0' NOT NULL, 
	concluded INTEGER DEFAULT '0' NOT NULL, 
	approved INTEGER DEFAULT '0' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL, 
	over_law INTEGER DEFAULT '0' NOT NULL, 
	worked_days INTEGER DEFAULT '0' NOT NULL, 
	delivered INTEGER DEFAULT '0' NOT NULL, 
	trips INTEGER DEFAULT '0' NOT NULL, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	rated_1 INTEGER DEFAULT '0' NOT NULL, 
	rated_2 INTEGER DEFAULT '0' NOT NULL, 
	rated_3 INTEGER DEFAULT '0' NOT NULL, 
	rated_4 INTEGER DEFAULT '0' NOT NULL, 
	rated_5 INTEGER DEFAULT '0' NOT NULL, 
	complaints INTEGER DEFAULT '0' NOT NULL, 
	complaints_answered INTEGER DEFAULT '0' NOT NULL, 
	complaints_heard INTEGER DEFAULT '0' NOT NULL, 
	complaints_resolved INTEGER DEFAULT '0' NOT NULL, 
	orders INTEGER DEFAULT '0' NOT NULL, 
	orders_done INTEGER DEFAULT '0' NOT NULL, 
	orders_failed INTEGER DEFAULT '0' NOT NULL, 
	orders_refused INTEGER DEFAULT '0' NOT NULL, 
	orders_cancelled INTEGER DEFAULT '0' NOT NULL, 
	orders_moved INTEGER DEFAULT '0' NOT NULL, 
	orders_handed INTEGER DEFAULT '0' NOT NULL, 
	orders_on_time INTEGER DEFAULT '0' NOT NULL, 
	in_preaudit BIGINT DEFAULT '0' NOT NULL, 
	in_correction BIGINT DEFAULT '0' NOT NULL, 
	in_collection BIGINT DEFAULT '0' NOT NULL, 
	in_reception BIGINT DEFAULT '0' NOT NULL, 
	in_decision BIGINT DEFAULT '0' NOT NULL, 
	in_result BIGINT DEFAULT '0' NOT NULL, 
	in_delivery BIGINT DEFAULT '0' NOT NULL, 
	orders_seconds BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_thirds PRIMARY KEY (seq)
);
CREATE TABLE figure_office_thirds (
	seq INTEGER NOT NULL, 
	third INTEGER NOT NULL, 
	month DATE NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	opened INTEGER DEFAULT '0' NOT NULL, 
	is_draft INTEGER DEFAULT '0' NOT NULL, 
	is_submitted INTEGER DEFAULT '0' NOT NULL, 
	is_in_review INTEGER DEFAULT '0' NOT NULL, 
	is_returned INTEGER DEFAULT '0' NOT NULL, 
	is_preaudit_passed INTEGER DEFAULT '0' NOT NULL, 
	is_collecting INTEGER DEFAULT '0' NOT NULL, 
	is_received INTEGER DEFAULT '0' NOT NULL, 
	is_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_processing INTEGER DEFAULT '0' NOT NULL, 
	is_approved INTEGER DEFAULT '0' NOT NULL, 
	is_refused INTEGER DEFAULT '0' NOT NULL, 
	is_concluded INTEGER DEFAULT '0' NOT NULL, 
	is_delivering INTEGER DEFAULT '0' NOT NULL, 
	is_delivered INTEGER DEFAULT '0' NOT NULL, 
	is_withdrawn INTEGER DEFAULT '0' NOT NULL, 
	is_not_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_correction_expired INTEGER DEFAULT '0' NOT NULL, 
	is_aborted INTEGER DEFAULT '0' NOT NULL, 
	submitted INTEGER DEFAULT '0' NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	rounds_0 INTEGER DEFAULT '0' NOT NULL, 
	rounds_1 INTEGER DEFAULT '0' NOT NULL, 
	rounds_2 INTEGER DEFAULT '0' NOT NULL, 
	rounds_3 INTEGER DEFAULT '0' NOT NULL, 
	rounds INTEGER DEFAULT '0' NOT NULL, 
	papers INTEGER DEFAULT '0' NOT NULL, 
	accepted INTEGER DEFAULT '0' NOT NULL, 
	concluded INTEGER DEFAULT '0' NOT NULL, 
	approved INTEGER DEFAULT '0' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL, 
	over_law INTEGER DEFAULT '0' NOT NULL, 
	worked_days INTEGER DEFAULT '0' NOT NULL, 
	delivered INTEGER DEFAULT '0' NOT NULL, 
	trips INTEGER DEFAULT '0' NOT NULL, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	rated_1 INTEGER DEFAULT '0' NOT NULL, 
	rated_2 INTEGER DEFAULT '0' NOT NULL, 
	rated_3 INTEGER DEFAULT '0' NOT NULL, 
	rated_4 INTEGER DEFAULT '0' NOT NULL, 
	rated_5 INTEGER DEFAULT '0' NOT NULL, 
	complaints INTEGER DEFAULT '0' NOT NULL, 
	complaints_answered INTEGER DEFAULT '0' NOT NULL, 
	complaints_heard INTEGER DEFAULT '0' NOT NULL, 
	complaints_resolved INTEGER DEFAULT '0' NOT NULL, 
	orders INTEGER DEFAULT '0' NOT NULL, 
	orders_done INTEGER DEFAULT '0' NOT NULL, 
	orders_failed INTEGER DEFAULT '0' NOT NULL, 
	orders_refused INTEGER DEFAULT '0' NOT NULL, 
	orders_cancelled INTEGER DEFAULT '0' NOT NULL, 
	orders_moved INTEGER DEFAULT '0' NOT NULL, 
	orders_handed INTEGER DEFAULT '0' NOT NULL, 
	orders_on_time INTEGER DEFAULT '0' NOT NULL, 
	in_preaudit BIGINT DEFAULT '0' NOT NULL, 
	in_correction BIGINT DEFAULT '0' NOT NULL, 
	in_collection BIGINT DEFAULT '0' NOT NULL, 
	in_reception BIGINT DEFAULT '0' NOT NULL, 
	in_decision BIGINT DEFAULT '0' NOT NULL, 
	in_result BIGINT DEFAULT '0' NOT NULL, 
	in_delivery BIGINT DEFAULT '0' NOT NULL, 
	orders_seconds BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_office_thirds PRIMARY KEY (seq)
);
CREATE TABLE figure_years (
	seq INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	item_code VARCHAR(64) NOT NULL, 
	channel VARCHAR(64) NOT NULL, 
	partner VARCHAR(64) NOT NULL, 
	opened INTEGER DEFAULT '0' NOT NULL, 
	is_draft INTEGER DEFAULT '0' NOT NULL, 
	is_submitted INTEGER DEFAULT '0' NOT NULL, 
	is_in_review INTEGER DEFAULT '0' NOT NULL, 
	is_returned INTEGER DEFAULT '0' NOT NULL, 
	is_preaudit_passed INTEGER DEFAULT '0' NOT NULL, 
	is_collecting INTEGER DEFAULT '0' NOT NULL, 
	is_received INTEGER DEFAULT '0' NOT NULL, 
	is_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_processing INTEGER DEFAULT '0' NOT NULL, 
	is_approved INTEGER DEFAULT '0' NOT NULL, 
	is_refused INTEGER DEFAULT '0' NOT NULL, 
	is_concluded INTEGER DEFAULT '0' NOT NULL, 
	is_delivering INTEGER DEFAULT '0' NOT NULL, 
	is_delivered INTEGER DEFAULT '0' NOT NULL, 
	is_withdrawn INTEGER DEFAULT '0' NOT NULL, 
	is_not_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_correction_expired INTEGER DEFAULT '0' NOT NULL, 
	is_aborted INTEGER DEFAULT '0' NOT NULL, 
	submitted INTEGER DEFAULT '0' NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	rounds_0 INTEGER DEFAULT '0' NOT NULL, 
	rounds_1 INTEGER DEFAULT '0' NOT NULL, 
	rounds_2 INTEGER DEFAULT '0' NOT NULL, 
	rounds_3 INTEGER DEFAULT '0' NOT NULL, 
	rounds INTEGER DEFAULT '0' NOT NULL, 
	papers INTEGER DEFAULT '0' NOT NULL, 
	accepted INTEGER DEFAULT '0' NOT NULL, 
	concluded INTEGER DEFAULT '0' NOT NULL, 
	approved INTEGER DEFAULT '0' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL, 
	over_law INTEGER DEFAULT '0' NOT NULL, 
	worked_days INTEGER DEFAULT '0' NOT NULL, 
	delivered INTEGER DEFAULT '0' NOT NULL, 
	trips INTEGER DEFAULT '0' NOT NULL, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	rated_1 INTEGER DEFAULT '0' NOT NULL, 
	rated_2 INTEGER DEFAULT '0' NOT NULL, 
	rated_3 INTEGER DEFAULT '0' NOT NULL, 
	rated_4 INTEGER DEFAULT '0' NOT NULL, 
	rated_5 INTEGER DEFAULT '0' NOT NULL, 
	complaints INTEGER DEFAULT '0' NOT NULL, 
	complaints_answered INTEGER DEFAULT '0' NOT NULL, 
	complaints_heard INTEGER DEFAULT '0' NOT NULL, 
	complaints_resolved INTEGER DEFAULT '0' NOT NULL, 
	orders INTEGER DEFAULT '0' NOT NULL, 
	orders_done INTEGER DEFAULT '0' NOT NULL, 
	orders_failed INTEGER DEFAULT '0' NOT NULL, 
	orders_refused INTEGER DEFAULT '0' NOT NULL, 
	orders_cancelled INTEGER DEFAULT '0' NOT NULL, 
	orders_moved INTEGER DEFAULT '0' NOT NULL, 
	orders_handed INTEGER DEFAULT '0' NOT NULL, 
	orders_on_time INTEGER DEFAULT '0' NOT NULL, 
	in_preaudit BIGINT DEFAULT '0' NOT NULL, 
	in_correction BIGINT DEFAULT '0' NOT NULL, 
	in_collection BIGINT DEFAULT '0' NOT NULL, 
	in_reception BIGINT DEFAULT '0' NOT NULL, 
	in_decision BIGINT DEFAULT '0' NOT NULL, 
	in_result BIGINT DEFAULT '0' NOT NULL, 
	in_delivery BIGINT DEFAULT '0' NOT NULL, 
	orders_seconds BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_years PRIMARY KEY (seq)
);
CREATE TABLE figure_office_years (
	seq INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	opened INTEGER DEFAULT '0' NOT NULL, 
	is_draft INTEGER DEFAULT '0' NOT NULL, 
	is_submitted INTEGER DEFAULT '0' NOT NULL, 
	is_in_review INTEGER DEFAULT '0' NOT NULL, 
	is_returned INTEGER DEFAULT '0' NOT NULL, 
	is_preaudit_passed INTEGER DEFAULT '0' NOT NULL, 
	is_collecting INTEGER DEFAULT '0' NOT NULL, 
	is_received INTEGER DEFAULT '0' NOT NULL, 
	is_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_processing INTEGER DEFAULT '0' NOT NULL, 
	is_approved INTEGER DEFAULT '0' NOT NULL, 
	is_refused INTEGER DEFAULT '0' NOT NULL, 
	is_concluded INTEGER DEFAULT '0' NOT NULL, 
	is_delivering INTEGER DEFAULT '0' NOT NULL, 
	is_delivered INTEGER DEFAULT '0' NOT NULL, 
	is_withdrawn INTEGER DEFAULT '0' NOT NULL, 
	is_not_accepted INTEGER DEFAULT '0' NOT NULL, 
	is_correction_expired INTEGER DEFAULT '0' NOT NULL, 
	is_aborted INTEGER DEFAULT '0' NOT NULL, 
	submitted INTEGER DEFAULT '0' NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	rounds_0 INTEGER DEFAULT '0' NOT NULL, 
	rounds_1 INTEGER DEFAULT '0' NOT NULL, 
	rounds_2 INTEGER DEFAULT '0' NOT NULL, 
	rounds_3 INTEGER DEFAULT '0' NOT NULL, 
	rounds INTEGER DEFAULT '0' NOT NULL, 
	papers INTEGER DEFAULT '0' NOT NULL, 
	accepted INTEGER DEFAULT '0' NOT NULL, 
	concluded INTEGER DEFAULT '0' NOT NULL, 
	approved INTEGER DEFAULT '0' NOT NULL, 
	late INTEGER DEFAULT '0' NOT NULL, 
	over_law INTEGER DEFAULT '0' NOT NULL, 
	worked_days INTEGER DEFAULT '0' NOT NULL, 
	delivered INTEGER DEFAULT '0' NOT NULL, 
	trips INTEGER DEFAULT '0' NOT NULL, 
	minutes INTEGER DEFAULT '0' NOT NULL, 
	rated_1 INTEGER DEFAULT '0' NOT NULL, 
	rated_2 INTEGER DEFAULT '0' NOT NULL, 
	rated_3 INTEGER DEFAULT '0' NOT NULL, 
	rated_4 INTEGER DEFAULT '0' NOT NULL, 
	rated_5 INTEGER DEFAULT '0' NOT NULL, 
	complaints INTEGER DEFAULT '0' NOT NULL, 
	complaints_answered INTEGER DEFAULT '0' NOT NULL, 
	complaints_heard INTEGER DEFAULT '0' NOT NULL, 
	complaints_resolved INTEGER DEFAULT '0' NOT NULL, 
	orders INTEGER DEFAULT '0' NOT NULL, 
	orders_done INTEGER DEFAULT '0' NOT NULL, 
	orders_failed INTEGER DEFAULT '0' NOT NULL, 
	orders_refused INTEGER DEFAULT '0' NOT NULL, 
	orders_cancelled INTEGER DEFAULT '0' NOT NULL, 
	orders_moved INTEGER DEFAULT '0' NOT NULL, 
	orders_handed INTEGER DEFAULT '0' NOT NULL, 
	orders_on_time INTEGER DEFAULT '0' NOT NULL, 
	in_preaudit BIGINT DEFAULT '0' NOT NULL, 
	in_correction BIGINT DEFAULT '0' NOT NULL, 
	in_collection BIGINT DEFAULT '0' NOT NULL, 
	in_reception BIGINT DEFAULT '0' NOT NULL, 
	in_decision BIGINT DEFAULT '0' NOT NULL, 
	in_result BIGINT DEFAULT '0' NOT NULL, 
	in_delivery BIGINT DEFAULT '0' NOT NULL, 
	orders_seconds BIGINT DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_office_years PRIMARY KEY (seq)
);
CREATE TABLE figure_office_year_hours (
	seq INTEGER NOT NULL, 
	year INTEGER NOT NULL, 
	weekday SMALLINT NOT NULL, 
	region VARCHAR(64) NOT NULL, 
	department VARCHAR(64) NOT NULL, 
	departments VARCHAR(255) NOT NULL, 
	h00 INTEGER DEFAULT '0' NOT NULL, 
	h01 INTEGER DEFAULT '0' NOT NULL, 
	h02 INTEGER DEFAULT '0' NOT NULL, 
	h03 INTEGER DEFAULT '0' NOT NULL, 
	h04 INTEGER DEFAULT '0' NOT NULL, 
	h05 INTEGER DEFAULT '0' NOT NULL, 
	h06 INTEGER DEFAULT '0' NOT NULL, 
	h07 INTEGER DEFAULT '0' NOT NULL, 
	h08 INTEGER DEFAULT '0' NOT NULL, 
	h09 INTEGER DEFAULT '0' NOT NULL, 
	h10 INTEGER DEFAULT '0' NOT NULL, 
	h11 INTEGER DEFAULT '0' NOT NULL, 
	h12 INTEGER DEFAULT '0' NOT NULL, 
	h13 INTEGER DEFAULT '0' NOT NULL, 
	h14 INTEGER DEFAULT '0' NOT NULL, 
	h15 INTEGER DEFAULT '0' NOT NULL, 
	h16 INTEGER DEFAULT '0' NOT NULL, 
	h17 INTEGER DEFAULT '0' NOT NULL, 
	h18 INTEGER DEFAULT '0' NOT NULL, 
	h19 INTEGER DEFAULT '0' NOT NULL, 
	h20 INTEGER DEFAULT '0' NOT NULL, 
	h21 INTEGER DEFAULT '0' NOT NULL, 
	h22 INTEGER DEFAULT '0' NOT NULL, 
	h23 INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_figure_office_year_hours PRIMARY KEY (seq)
);
CREATE INDEX ix_agent_batches_point ON agent_batches (point, seq);
CREATE INDEX ix_answers_at ON answers (at);
CREATE INDEX ix_appointments_booked ON appointments (start) WHERE state = 'booked';
CREATE INDEX ix_appointments_end ON appointments ("end", seq);
CREATE INDEX ix_appointments_office ON appointments (office, start);
CREATE INDEX ix_appointments_person ON appointments (person);
CREATE INDEX ix_assignments_case_number ON assignments (case_number);
CREATE INDEX ix_assignments_due ON assignments (due, id) WHERE state = 'open';
CREATE INDEX ix_assignments_late ON assignments (due) WHERE state = 'open' AND escalated_at IS NULL;
CREATE INDEX ix_assignments_open ON assignments (department, state, due, seq);
CREATE INDEX ix_audit_action ON audit (action, at);
CREATE INDEX ix_audit_heads_new ON audit_heads (chain) WHERE position > anchored;
CREATE INDEX ix_booking_aliases_booking_id ON booking_aliases (booking_id);
CREATE INDEX ix_booking_aliases_waybill ON booking_aliases (waybill);
CREATE INDEX ix_bookings_alerts ON bookings (seq) WHERE CAST(alerts AS VARCHAR) <> '[]';
CREATE INDEX ix_bookings_any_waybill ON bookings (waybill) WHERE waybill IS NOT NULL;
CREATE INDEX ix_bookings_case_number ON bookings (case_number);
CREATE INDEX ix_bookings_pickup ON bookings (pickup) WHERE pickup IS NOT NULL;
CREATE INDEX ix_bookings_state ON bookings (state, window_end);
CREATE INDEX ix_bookings_unconfirmed ON bookings (requested_at, id) WHERE state IN ('requested', 'unknown');
CREATE INDEX ix_bookings_waybill ON bookings (partner, waybill);
CREATE INDEX ix_box_rounds_box ON box_rounds (box, at);
CREATE INDEX ix_bundle_children_case_number ON bundle_children (case_number);
CREATE INDEX ix_bundle_children_waiting ON bundle_children (asked_at) WHERE number IS NULL AND problem IS NULL;
CREATE INDEX ix_case_figures_accepted ON case_figures (accepted_at, case_number);
CREATE INDEX ix_case_figures_concluded ON case_figures (concluded_at, case_number);
CREATE INDEX ix_case_figures_corrected ON case_figures (passed_at, case_number) WHERE rounds > 0;
CREATE INDEX ix_case_figures_delivered ON case_figures (delivered_at, case_number);
CREATE INDEX ix_case_figures_item ON case_figures (item_code, submitted_at, case_number);
CREATE INDEX ix_case_figures_late ON case_figures (concluded_at, case_number) WHERE late = 1;
CREATE INDEX ix_case_figures_often ON case_figures (passed_at, case_number) WHERE rounds > 2;
CREATE INDEX ix_case_figures_opened ON case_figures (opened_at, case_number);
CREATE INDEX ix_case_figures_over_law ON case_figures (concluded_at, case_number) WHERE over_law = 1;
CREATE INDEX ix_case_figures_papers ON case_figures (passed_at, case_number) WHERE papers > 0;
CREATE INDEX ix_case_figures_passed ON case_figures (passed_at, case_number);
CREATE INDEX ix_case_figures_rated ON case_figures (rated_at, case_number);
CREATE INDEX ix_case_figures_state ON case_figures (state, opened_at, case_number);
CREATE INDEX ix_case_figures_submitted ON case_figures (submitted_at, case_number);
CREATE INDEX ix_case_figures_twice ON case_figures (passed_at, case_number) WHERE rounds = 2;
CREATE INDEX ix_case_figures_unsatisfied ON case_figures (rated_at, case_number) WHERE level > 3;
CREATE INDEX ix_cases_again ON cases (department, region, deadline_at, number) WHERE state = 'in_review' AND round > 0 AND test = 0;
CREATE INDEX ix_cases_claimed ON cases (claimed_by, claimed_until);
CREATE INDEX ix_cases_delivered ON cases (state_since, number) WHERE state = 'delivered';
CREATE INDEX ix_cases_desk ON cases (department, region, state, deadline_at, number) WHERE state IN ('accepted', 'approved', 'collecting', 'concluded', 'delivering', 'in_review', 'preaudit_passed', 'processing', 'received', 'refused', 'returned', 'submitted');
CREATE INDEX ix_cases_done_over ON cases (state_since, number) WHERE erased_at IS NULL AND state IN ('aborted', 'correction_expired', 'delivered', 'not_accepted', 'withdrawn') AND accepted_at IS NOT NULL;
CREATE INDEX ix_cases_doubtful_identity ON cases (department, region, deadline_at, number) WHERE state = 'in_review' AND doubtful_identity = 1 AND test = 0;
CREATE INDEX ix_cases_drafts_over ON cases (state_since, number) WHERE erased_at IS NULL AND state IN ('aborted', 'correction_expired', 'delivered', 'not_accepted', 'withdrawn') AND submitted_at IS NULL;
CREATE INDEX ix_cases_due ON cases (deadline_at, number) WHERE deadline_at IS NOT NULL;
CREATE INDEX ix_cases_id_number_index ON cases (id_number_index);
CREATE INDEX ix_cases_item ON cases (item_code, opened_at);
CREATE INDEX ix_cases_likely_duplicate ON cases (department, region, deadline_at, number) WHERE state = 'in_review' AND likely_duplicate = 1 AND test = 0;
CREATE INDEX ix_cases_opened ON cases (opened_at, number);
CREATE INDEX ix_cases_overdue ON cases (deadline_at) WHERE deadline_at IS NOT NULL AND escalated_at IS NULL;
CREATE INDEX ix_cases_owner ON cases (owner, opened_at);
CREATE INDEX ix_cases_phone_index ON cases (phone_index);
CREATE INDEX ix_cases_promised ON cases (promised_due, number) WHERE state IN ('accepted', 'approved', 'processing', 'refused');
CREATE INDEX ix_cases_queue ON cases (state, deadline_at, number);
CREATE INDEX ix_cases_statutory ON cases (statutory_due, number) WHERE state IN ('accepted', 'approved', 'processing', 'refused');
CREATE INDEX ix_cases_test ON cases (deadline_at, number) WHERE test = 1;
CREATE INDEX ix_cases_tried_over ON cases (state_since, number) WHERE erased_at IS NULL AND state IN ('aborted', 'correction_expired', 'delivered', 'not_accepted', 'withdrawn') AND submitted_at IS NOT NULL AND accepted_at IS NULL;
CREATE INDEX ix_cases_waiting ON cases (department, region, state, deadline_at, number) WHERE state IN ('accepted', 'approved', 'collecting', 'concluded', 'delivering', 'in_review', 'preaudit_passed', 'processing', 'received', 'refused', 'returned', 'submitted') AND test = 0;
CREATE INDEX ix_claim_losses_at ON claim_losses (at);
CREATE INDEX ix_claim_losses_case_number ON claim_losses (case_number);
CREATE INDEX ix_claim_losses_unseen ON claim_losses (staff, seq) WHERE seen_at IS NULL;
CREATE INDEX ix_clock_requests_asked ON clock_requests (asked_at, seq) WHERE state = 'asked';
CREATE INDEX ix_clock_requests_case_number ON clock_requests (case_number);
CREATE INDEX ix_clock_requests_due ON clock_requests (due_at, id) WHERE state = 'asked';
CREATE INDEX ix_complaints_case_number ON complaints (case_number);
CREATE INDEX ix_complaints_due ON complaints (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX ix_complaints_filed ON complaints (filed_at, id);
CREATE INDEX ix_complaints_over ON complaints (closed_at, seq) WHERE closed_at IS NOT NULL AND erased_at IS NULL;
CREATE INDEX ix_complaints_person ON complaints (person);
CREATE INDEX ix_consents_person ON consents (person);
CREATE INDEX ix_corrections_because ON corrections (sent_at, because) WHERE because IS NOT NULL;
CREATE INDEX ix_corrections_case_number ON corrections (case_number);
CREATE INDEX ix_courier_events_booking ON courier_events (booking_id, at);
CREATE INDEX ix_courier_events_orphans ON courier_events (partner, waybill) WHERE booking_id IS NULL;
CREATE INDEX ix_courier_events_pickup ON courier_events (pickup) WHERE pickup IS NOT NULL;
CREATE INDEX ix_courier_events_unknown ON courier_events (partner, unknown_code) WHERE unknown_code IS NOT NULL;
CREATE INDEX ix_coverage_ends_at ON coverage (ends_at);
CREATE INDEX ix_credit_notes_case_number ON credit_notes (case_number);
CREATE INDEX ix_decision_files_case_number ON decision_files (case_number);
CREATE INDEX ix_decision_files_unchecked ON decision_files (at) WHERE checked_at IS NULL AND removed_at IS NULL;
CREATE INDEX ix_deletions_kind ON deletions (kind, seq);
CREATE INDEX ix_department_endpoints_system ON department_endpoints (system);
CREATE INDEX ix_devices_region ON devices (region);
CREATE INDEX ix_documents_blob ON documents (blob) WHERE blob IS NOT NULL;
CREATE INDEX ix_documents_case_number ON documents (case_number);
CREATE INDEX ix_documents_labels ON documents (made_at, seq) WHERE kind IN ('label', 'manifest') AND erased_at IS NULL;
CREATE INDEX ix_documents_unmade ON documents (made_at, id) WHERE blob IS NULL;
CREATE INDEX ix_doubts_judgement ON doubts (judgement);
CREATE INDEX ix_drop_boxes_region ON drop_boxes (region);
CREATE INDEX ix_drops_case_number ON drops (case_number);
CREATE INDEX ix_drops_waiting ON drops (box) WHERE emptied_at IS NULL;
CREATE INDEX ix_entrustments_batch ON entrustments (batch) WHERE batch IS NOT NULL;
CREATE INDEX ix_entrustments_case_number ON entrustments (case_number);
CREATE INDEX ix_entrustments_point ON entrustments (point, until, seq);
CREATE INDEX ix_follow_ups_due ON follow_ups (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX ix_follow_ups_opened ON follow_ups (opened_at, id);
CREATE INDEX ix_grid_tasks_area ON grid_tasks (area);
CREATE INDEX ix_grid_tasks_case_number ON grid_tasks (case_number);
CREATE INDEX ix_hand_overs_case_number ON hand_overs (case_number);
CREATE INDEX ix_inbox_state ON inbox (state, arrived_at);
CREATE INDEX ix_inbox_together ON inbox (seq) WHERE state = 'new' AND alone = 0;
CREATE INDEX ix_incidents_case_number ON incidents (case_number);
CREATE INDEX ix_incidents_due ON incidents (due_at, id) WHERE closed_at IS NULL;
CREATE INDEX ix_incidents_late ON incidents (due_at) WHERE closed_at IS NULL AND escalated_at IS NULL;
CREATE INDEX ix_incidents_open ON incidents (opened_at) WHERE closed_at IS NULL;
CREATE INDEX ix_inquiries_by ON inquiries ("by", authorised_at);
CREATE INDEX ix_inquiries_case_number ON inquiries (case_number);
CREATE INDEX ix_inquiries_late ON inquiries (authorised_at) WHERE state = 'waiting';
CREATE INDEX ix_item_backtests_draft ON item_backtests (draft, seq);
CREATE INDEX ix_item_drafts_code ON item_drafts (code, seq);
CREATE INDEX ix_item_drafts_open ON item_drafts (seq) WHERE state IN ('approved', 'editing', 'linted', 'proposed', 'rejected');
CREATE INDEX ix_items_region ON items (region);
CREATE INDEX ix_jobs_leases ON jobs (lease_until) WHERE state = 'running';
CREATE INDEX ix_jobs_over ON jobs (ended_at) WHERE state IN ('done', 'failed');
CREATE INDEX ix_jobs_over_ended ON jobs_over (ended_at);
CREATE INDEX ix_jobs_over_failed ON jobs_over (seq) WHERE state = 'failed';
CREATE INDEX ix_jobs_over_kind ON jobs_over (kind, seq);
CREATE INDEX ix_jobs_over_subject ON jobs_over (subject);
CREATE INDEX ix_jobs_rung ON jobs (rung_at) WHERE state = 'queued' AND rung_at IS NOT NULL;
CREATE INDEX ix_jobs_set_aside ON jobs (queue, seq) WHERE state = 'quarantined';
CREATE INDEX ix_jobs_shares ON jobs (share, turn) WHERE state = 'queued' AND share IS NOT NULL;
CREATE INDEX ix_jobs_subject ON jobs (subject);
CREATE INDEX ix_jobs_turns ON jobs (queue, urgent, turn, seq) WHERE state = 'queued' AND rung_at IS NULL AND queue IS NOT NULL;
CREATE INDEX ix_jobs_unrung ON jobs (due_at) WHERE state = 'queued' AND rung_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX ix_jobs_waiting ON jobs (kind, due_at) WHERE state = 'queued' AND kind IS NOT NULL;
CREATE INDEX ix_judgements_case_number ON judgements (case_number);
CREATE INDEX ix_kiosk_sessions_device ON kiosk_sessions (device_id, receipt_at);
CREATE INDEX ix_kiosk_sessions_open ON kiosk_sessions (ends_at) WHERE ended_at IS NULL;
CREATE INDEX ix_legal_holds_case_number ON legal_holds (case_number);
CREATE INDEX ix_legs_answer_due ON legs (answer_due) WHERE answer_due IS NOT NULL;
CREATE INDEX ix_legs_case_number ON legs (case_number);
CREATE INDEX ix_legs_state ON legs (state, since);
CREATE INDEX ix_materials_case_number ON materials (case_number);
CREATE INDEX ix_materials_promised ON materials (defer_until) WHERE defer_until IS NOT NULL;
CREATE INDEX ix_misses_ends_at ON misses (ends_at);
CREATE INDEX ix_notices_case_number ON notices (case_number);
CREATE INDEX ix_notices_failed ON notices (made_at) WHERE state = 'failed';
CREATE INDEX ix_notices_over ON notices (made_at, seq) WHERE state IN ('sent', 'failed');
CREATE INDEX ix_notices_unsent ON notices (made_at, id) WHERE state IN ('created', 'sending');
CREATE INDEX ix_offices_region ON offices (region);
CREATE INDEX ix_oidc_logins_ends_at ON oidc_logins (ends_at);
CREATE INDEX ix_one_time_codes_ends_at ON one_time_codes (ends_at);
CREATE INDEX ix_order_figures_case_number ON order_figures (case_number);
CREATE INDEX ix_order_figures_partner ON order_figures (partner, requested_at, booking_id);
CREATE INDEX ix_order_figures_requested ON order_figures (requested_at, booking_id);
CREATE INDEX ix_order_figures_state ON order_figures (state, requested_at, booking_id);
CREATE INDEX ix_originals_case_number ON originals (case_number);
CREATE INDEX ix_outgoing_attempts_delivery ON outgoing_attempts (delivery);
CREATE INDEX ix_outgoing_deliveries_endpoint ON outgoing_deliveries (endpoint, seq);
CREATE INDEX ix_outgoing_deliveries_late ON outgoing_deliveries (deliver_by, id) WHERE state <> 'delivered';
CREATE INDEX ix_outgoing_deliveries_unsent ON outgoing_deliveries (state) WHERE state IN ('failed', 'held');
CREATE INDEX ix_outgoing_deliveries_waiting ON outgoing_deliveries (due_at) WHERE state = 'waiting';
CREATE INDEX ix_outgoing_messages_case_number ON outgoing_messages (case_number);
CREATE INDEX ix_outgoing_messages_made_at ON outgoing_messages (made_at);
CREATE INDEX ix_pages_blob ON pages (blob);
CREATE INDEX ix_pages_case_number ON pages (case_number);
CREATE INDEX ix_pages_sha256 ON pages (sha256);
CREATE INDEX ix_pages_unread ON pages (uploaded_at) WHERE state = 'uploaded';
CREATE INDEX ix_parcels_case_number ON parcels (case_number);
CREATE INDEX ix_parcels_photo ON parcels (photo) WHERE photo IS NOT NULL;
CREATE INDEX ix_parcels_photographed ON parcels (packed_at, seq) WHERE photo IS NOT NULL;
CREATE INDEX ix_parcels_picture ON parcels (picture) WHERE picture IS NOT NULL;
CREATE INDEX ix_pickups_any_waybill ON pickups (waybill) WHERE waybill IS NOT NULL;
CREATE INDEX ix_pickups_over ON pickups (requested_at, seq) WHERE erased_at IS NULL;
CREATE INDEX ix_pickups_person ON pickups (person);
CREATE INDEX ix_pickups_state ON pickups (state, requested_at);
CREATE INDEX ix_pickups_waybill ON pickups (partner, waybill);
CREATE INDEX ix_picture_hashes_q0 ON picture_hashes (q0, seq);
CREATE INDEX ix_picture_hashes_q1 ON picture_hashes (q1, seq);
CREATE INDEX ix_picture_hashes_q2 ON picture_hashes (q2, seq);
CREATE INDEX ix_picture_hashes_q3 ON picture_hashes (q3, seq);
CREATE INDEX ix_processes_seen ON processes (seen_at);
CREATE INDEX ix_proposals_case_number ON proposals (case_number);
CREATE INDEX ix_proposals_due ON proposals (due_at, id) WHERE state = 'waiting';
CREATE INDEX ix_proposals_waiting ON proposals (at, seq) WHERE state = 'waiting';
CREATE INDEX ix_ratings_rectify ON ratings (rectify_by);
CREATE INDEX ix_readings_perceptual_hash ON readings (perceptual_hash);
CREATE INDEX ix_readings_picture ON readings (picture) WHERE picture IS NOT NULL;
CREATE INDEX ix_readings_saved_at ON readings (saved_at);
CREATE INDEX ix_rectifications_due ON rectifications (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX ix_rectifications_opened ON rectifications (opened_at, id);
CREATE INDEX ix_samples_case_number ON samples (case_number);
CREATE INDEX ix_samples_item ON samples (item_code, seq);
CREATE INDEX ix_sampling_shares_item ON sampling_shares (item_code, seq);
CREATE INDEX ix_sessions_ends_at ON sessions (ends_at);
CREATE INDEX ix_sessions_holder ON sessions (holder);
CREATE INDEX ix_specials_case_number ON specials (case_number);
CREATE INDEX ix_strays_open ON strays (found_at) WHERE settled_at IS NULL;
CREATE INDEX ix_transfers_case_number ON transfers (case_number);
CREATE INDEX ix_transfers_due ON transfers (due_at, id) WHERE state = 'offered';
CREATE INDEX ix_transfers_open ON transfers (department, state, due_at);
CREATE INDEX ix_truths_case_number ON truths (case_number);
CREATE INDEX ix_truths_said ON truths (at, seq) WHERE said IS NOT NULL;
CREATE INDEX ix_truths_wrong ON truths (kind, field, seq) WHERE NOT correct AND ended_at IS NULL;
CREATE INDEX ix_twin_answers_due ON twin_answers (due_at, id) WHERE answer = 'misuse' AND settled_at IS NULL;
CREATE INDEX ix_twin_answers_misuse ON twin_answers (at) WHERE answer = 'misuse' AND settled_at IS NULL;
CREATE INDEX ix_twins_case_number ON twins (case_number);
CREATE INDEX ix_twins_other_case ON twins (other_case);
CREATE INDEX ix_uploads_case_number ON uploads (case_number);
CREATE INDEX ix_uploads_ends_at ON uploads (ends_at);
CREATE INDEX ix_uploads_person ON uploads (person);
CREATE INDEX ix_urges_alive ON urges (seq) WHERE ended_at IS NULL;
CREATE INDEX ix_urges_case_number ON urges (case_number);
CREATE INDEX ix_urges_open ON urges (role, department, seq) WHERE acknowledged_at IS NULL AND ended_at IS NULL;
CREATE INDEX ix_urges_staff ON urges (staff, seq) WHERE acknowledged_at IS NULL AND ended_at IS NULL;
CREATE INDEX ix_waivers_case_number ON waivers (case_number);
CREATE UNIQUE INDEX uq_appointments_live ON appointments (person, item_code) WHERE state IN ('booked', 'checked_in');
CREATE UNIQUE INDEX uq_bookings_one_live_per_leg ON bookings (leg_id) WHERE state IN ('booked', 'requested', 'unknown');
CREATE UNIQUE INDEX uq_clock_requests_asked ON clock_requests (case_number, kind) WHERE state = 'asked';
CREATE UNIQUE INDEX uq_documents_code ON documents (code) WHERE code IS NOT NULL;
CREATE UNIQUE INDEX uq_entrustments_live ON entrustments (case_number) WHERE until IS NULL;
CREATE UNIQUE INDEX uq_figure_days_key ON figure_days (day, region, department, departments, item_code, channel, partner);
CREATE UNIQUE INDEX uq_figure_month_totals_key ON figure_month_totals (month, region, department, departments, item_code, channel, partner);
CREATE UNIQUE INDEX uq_figure_months_key ON figure_months (month, weekday, region, department, departments, item_code, channel, partner);
CREATE UNIQUE INDEX uq_figure_office_days_key ON figure_office_days (day, region, department, departments);
CREATE UNIQUE INDEX uq_figure_office_hours_key ON figure_office_hours (month, weekday, region, department, departments);
CREATE UNIQUE INDEX uq_figure_office_months_key ON figure_office_months (month, region, department, departments);
CREATE UNIQUE INDEX uq_figure_office_thirds_key ON figure_office_thirds (third, region, department, departments);
CREATE UNIQUE INDEX uq_figure_office_year_hours_key ON figure_office_year_hours (year, weekday, region, department, departments);
CREATE UNIQUE INDEX uq_figure_office_years_key ON figure_office_years (year, region, department, departments);
CREATE UNIQUE INDEX uq_figure_sums_key ON figure_sums (region, department, departments, item_code, channel, partner);
CREATE UNIQUE INDEX uq_figure_thirds_key ON figure_thirds (third, region, department, departments, item_code, channel, partner);
CREATE UNIQUE INDEX uq_figure_totals_key ON figure_totals (weekday, region, department, departments, item_code, channel, partner);
CREATE UNIQUE INDEX uq_figure_years_key ON figure_years (year, region, department, departments, item_code, channel, partner);
CREATE UNIQUE INDEX uq_inquiries_waiting ON inquiries (case_number, material) WHERE state = 'waiting';
CREATE UNIQUE INDEX uq_item_drafts_open ON item_drafts (code) WHERE state IN ('approved', 'editing', 'linted', 'proposed', 'rejected');
CREATE UNIQUE INDEX uq_jobs_unfinished ON jobs (kind, dedupe) WHERE state IN ('queued', 'running') AND dedupe IS NOT NULL;
CREATE UNIQUE INDEX uq_kiosk_sessions_one_open ON kiosk_sessions (device_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX uq_legal_holds_alive ON legal_holds (case_number) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX uq_notices_dedupe ON notices (dedupe) WHERE state IN ('created');
CREATE UNIQUE INDEX uq_samples_open ON samples (case_number) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX uq_specials_one_open_per_case ON specials (case_number) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX uq_thresholds_in_force ON thresholds (kind, field) WHERE until IS NULL;
CREATE UNIQUE INDEX uq_truths_alive ON truths (page_id, field) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX uq_urges_step ON urges (kind, subject, due, step) WHERE step > 0;
CREATE UNIQUE INDEX uq_waivers_alive ON waivers (case_number, material) WHERE ended_at IS NULL;
CREATE TRIGGER audit_anchors_no_delete BEFORE DELETE ON audit_anchors BEGIN SELECT RAISE(ABORT, 'audit_anchors is append-only'); END;
CREATE TRIGGER audit_anchors_no_update BEFORE UPDATE ON audit_anchors BEGIN SELECT RAISE(ABORT, 'audit_anchors is append-only'); END;
CREATE TRIGGER audit_no_delete BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER audit_no_update BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END;
CREATE TRIGGER deletions_no_delete BEFORE DELETE ON deletions BEGIN SELECT RAISE(ABORT, 'deletions is append-only'); END;
CREATE TRIGGER deletions_no_update BEFORE UPDATE ON deletions BEGIN SELECT RAISE(ABORT, 'deletions is append-only'); END;
CREATE TRIGGER figure_days_delete_offices AFTER delete ON figure_days FOR EACH ROW WHEN (OLD.partner = '') BEGIN INSERT INTO figure_office_days (day, region, department, departments, month, weekday, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (OLD.day, OLD.region, OLD.department, OLD.departments, OLD.month, OLD.weekday, -OLD.opened, -OLD.is_draft, -OLD.is_submitted, -OLD.is_in_review, -OLD.is_returned, -OLD.is_preaudit_passed, -OLD.is_collecting, -OLD.is_received, -OLD.is_accepted, -OLD.is_processing, -OLD.is_approved, -OLD.is_refused, -OLD.is_concluded, -OLD.is_delivering, -OLD.is_delivered, -OLD.is_withdrawn, -OLD.is_not_accepted, -OLD.is_correction_expired, -OLD.is_aborted, -OLD.submitted, -OLD.h00, -OLD.h01, -OLD.h02, -OLD.h03, -OLD.h04, -OLD.h05, -OLD.h06, -OLD.h07, -OLD.h08, -OLD.h09, -OLD.h10, -OLD.h11, -OLD.h12, -OLD.h13, -OLD.h14, -OLD.h15, -OLD.h16, -OLD.h17, -OLD.h18, -OLD.h19, -OLD.h20, -OLD.h21, -OLD.h22, -OLD.h23, -OLD.rounds_0, -OLD.rounds_1, -OLD.rounds_2, -OLD.rounds_3, -OLD.rounds, -OLD.papers, -OLD.accepted, -OLD.concluded, -OLD.approved, -OLD.late, -OLD.over_law, -OLD.worked_days, -OLD.delivered, -OLD.trips, -OLD.minutes, -OLD.rated_1, -OLD.rated_2, -OLD.rated_3, -OLD.rated_4, -OLD.rated_5, -OLD.complaints, -OLD.complaints_answered, -OLD.complaints_heard, -OLD.complaints_resolved, -OLD.orders, -OLD.orders_done, -OLD.orders_failed, -OLD.orders_refused, -OLD.orders_cancelled, -OLD.orders_moved, -OLD.orders_handed, -OLD.orders_on_time, -OLD.in_preaudit, -OLD.in_correction, -OLD.in_collection, -OLD.in_reception, -OLD.in_decision, -OLD.in_result, -OLD.in_delivery, -OLD.orders_seconds) ON CONFLICT (day, region, department, departments) DO UPDATE SET opened = figure_office_days.opened + excluded.opened, is_draft = figure_office_days.is_draft + excluded.is_draft, is_submitted = figure_office_days.is_submitted + excluded.is_submitted, is_in_review = figure_office_days.is_in_review + excluded.is_in_review, is_returned = figure_office_days.is_returned + excluded.is_returned, is_preaudit_passed = figure_office_days.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_office_days.is_collecting + excluded.is_collecting, is_received = figure_office_days.is_received + excluded.is_received, is_accepted = figure_office_days.is_accepted + excluded.is_accepted, is_processing = figure_office_days.is_processing + excluded.is_processing, is_approved = figure_office_days.is_approved + excluded.is_approved, is_refused = figure_office_days.is_refused + excluded.is_refused, is_concluded = figure_office_days.is_concluded + excluded.is_concluded, is_delivering = figure_office_days.is_delivering + excluded.is_delivering, is_delivered = figure_office_days.is_delivered + excluded.is_delivered, is_withdrawn = figure_office_days.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_office_days.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_office_days.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_office_days.is_aborted + excluded.is_aborted, submitted = figure_office_days.submitted + excluded.submitted, h00 = figure_office_days.h00 + excluded.h00, h01 = figure_office_days.h01 + excluded.h01, h02 = figure_office_days.h02 + excluded.h02, h03 = figure_office_days.h03 + excluded.h03, h04 = figure_office_days.h04 + excluded.h04, h05 = figure_office_days.h05 + excluded.h05, h06 = figure_office_days.h06 + excluded.h06, h07 = figure_office_days.h07 + excluded.h07, h08 = figure_office_days.h08 + excluded.h08, h09 = figure_office_days.h09 + excluded.h09, h10 = figure_office_days.h10 + excluded.h10, h11 = figure_office_days.h11 + excluded.h11, h12 = figure_office_days.h12 + excluded.h12, h13 = figure_office_days.h13 + excluded.h13, h14 = figure_office_days.h14 + excluded.h14, h15 = figure_office_days.h15 + excluded.h15, h16 = figure_office_days.h16 + excluded.h16, h17 = figure_office_days.h17 + excluded.h17, h18 = figure_office_days.h18 + excluded.h18, h19 = figure_office_days.h19 + excluded.h19, h20 = figure_office_days.h20 + excluded.h20, h21 = figure_office_days.h21 + excluded.h21, h22 = figure_office_days.h22 + excluded.h22, h23 = figure_office_days.h23 + excluded.h23, rounds_0 = figure_office_days.rounds_0 + excluded.rounds_0, rounds_1 = figure_office_days.rounds_1 + excluded.rounds_1, rounds_2 = figure_office_days.rounds_2 + excluded.rounds_2, rounds_3 = figure_office_days.rounds_3 + excluded.rounds_3, rounds = figure_office_days.rounds + excluded.rounds, papers = figure_office_days.papers + excluded.papers, accepted = figure_office_days.accepted + excluded.accepted, concluded = figure_office_days.concluded + excluded.concluded, approved = figure_office_days.approved + excluded.approved, late = figure_office_days.late + excluded.late, over_law = figure_office_days.over_law + excluded.over_law, worked_days = figure_office_days.worked_days + excluded.worked_days, delivered = figure_office_days.delivered + excluded.delivered, trips = figure_office_days.trips + excluded.trips, minutes = figure_office_days.minutes + excluded.minutes, rated_1 = figure_office_days.rated_1 + excluded.rated_1, rated_2 = figure_office_days.rated_2 + excluded.rated_2, rated_3 = figure_office_days.rated_3 + excluded.rated_3, rated_4 = figure_office_days.rated_4 + excluded.rated_4, rated_5 = figure_office_days.rated_5 + excluded.rated_5, complaints = figure_office_days.complaints + excluded.complaints, complaints_answered = figure_office_days.complaints_answered + excluded.complaints_answered, complaints_heard = figure_office_days.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_office_days.complaints_resolved + excluded.complaints_resolved, orders = figure_office_days.orders + excluded.orders, orders_done = figure_office_days.orders_done + excluded.orders_done, orders_failed = figure_office_days.orders_failed + excluded.orders_failed, orders_refused = figure_office_days.orders_refused + excluded.orders_refused, orders_cancelled = figure_office_days.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_office_days.orders_moved + excluded.orders_moved, orders_handed = figure_office_days.orders_handed + excluded.orders_handed, orders_on_time = figure_office_days.orders_on_time + excluded.orders_on_time, in_preaudit = figure_office_days.in_preaudit + excluded.in_preaudit, in_correction = figure_office_days.in_correction + excluded.in_correction, in_collection = figure_office_days.in_collection + excluded.in_collection, in_reception = figure_office_days.in_reception + excluded.in_reception, in_decision = figure_office_days.in_decision + excluded.in_decision, in_result = figure_office_days.in_result + excluded.in_result, in_delivery = figure_office_days.in_delivery + excluded.in_delivery, orders_seconds = figure_office_days.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_days_delete_wide AFTER delete ON figure_days FOR EACH ROW  BEGIN INSERT INTO figure_thirds (third, region, department, departments, item_code, channel, partner, month, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES ((CAST(strftime('%Y', OLD.day) AS integer) * 12 + CAST(strftime('%m', OLD.day) AS integer) - 1) * 3 + CASE WHEN CAST(strftime('%d', OLD.day) AS integer) <= 10 THEN 0 WHEN CAST(strftime('%d', OLD.day) AS integer) <= 20 THEN 1 ELSE 2 END, OLD.region, OLD.department, OLD.departments, OLD.item_code, OLD.channel, OLD.partner, OLD.month, -OLD.opened, -OLD.is_draft, -OLD.is_submitted, -OLD.is_in_review, -OLD.is_returned, -OLD.is_preaudit_passed, -OLD.is_collecting, -OLD.is_received, -OLD.is_accepted, -OLD.is_processing, -OLD.is_approved, -OLD.is_refused, -OLD.is_concluded, -OLD.is_delivering, -OLD.is_delivered, -OLD.is_withdrawn, -OLD.is_not_accepted, -OLD.is_correction_expired, -OLD.is_aborted, -OLD.submitted, -OLD.h00, -OLD.h01, -OLD.h02, -OLD.h03, -OLD.h04, -OLD.h05, -OLD.h06, -OLD.h07, -OLD.h08, -OLD.h09, -OLD.h10, -OLD.h11, -OLD.h12, -OLD.h13, -OLD.h14, -OLD.h15, -OLD.h16, -OLD.h17, -OLD.h18, -OLD.h19, -OLD.h20, -OLD.h21, -OLD.h22, -OLD.h23, -OLD.rounds_0, -OLD.rounds_1, -OLD.rounds_2, -OLD.rounds_3, -OLD.rounds, -OLD.papers, -OLD.accepted, -OLD.concluded, -OLD.approved, -OLD.late, -OLD.over_law, -OLD.worked_days, -OLD.delivered, -OLD.trips, -OLD.minutes, -OLD.rated_1, -OLD.rated_2, -OLD.rated_3, -OLD.rated_4, -OLD.rated_5, -OLD.complaints, -OLD.complaints_answered, -OLD.complaints_heard, -OLD.complaints_resolved, -OLD.orders, -OLD.orders_done, -OLD.orders_failed, -OLD.orders_refused, -OLD.orders_cancelled, -OLD.orders_moved, -OLD.orders_handed, -OLD.orders_on_time, -OLD.in_preaudit, -OLD.in_correction, -OLD.in_collection, -OLD.in_reception, -OLD.in_decision, -OLD.in_result, -OLD.in_delivery, -OLD.orders_seconds) ON CONFLICT (third, region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_thirds.opened + excluded.opened, is_draft = figure_thirds.is_draft + excluded.is_draft, is_submitted = figure_thirds.is_submitted + excluded.is_submitted, is_in_review = figure_thirds.is_in_review + excluded.is_in_review, is_returned = figure_thirds.is_returned + excluded.is_returned, is_preaudit_passed = figure_thirds.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_thirds.is_collecting + excluded.is_collecting, is_received = figure_thirds.is_received + excluded.is_received, is_accepted = figure_thirds.is_accepted + excluded.is_accepted, is_processing = figure_thirds.is_processing + excluded.is_processing, is_approved = figure_thirds.is_approved + excluded.is_approved, is_refused = figure_thirds.is_refused + excluded.is_refused, is_concluded = figure_thirds.is_concluded + excluded.is_concluded, is_delivering = figure_thirds.is_delivering + excluded.is_delivering, is_delivered = figure_thirds.is_delivered + excluded.is_delivered, is_withdrawn = figure_thirds.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_thirds.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_thirds.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_thirds.is_aborted + excluded.is_aborted, submitted = figure_thirds.submitted + excluded.submitted, h00 = figure_thirds.h00 + excluded.h00, h01 = figure_thirds.h01 + excluded.h01, h02 = figure_thirds.h02 + excluded.h02, h03 = figure_thirds.h03 + excluded.h03, h04 = figure_thirds.h04 + excluded.h04, h05 = figure_thirds.h05 + excluded.h05, h06 = figure_thirds.h06 + excluded.h06, h07 = figure_thirds.h07 + excluded.h07, h08 = figure_thirds.h08 + excluded.h08, h09 = figure_thirds.h09 + excluded.h09, h10 = figure_thirds.h10 + excluded.h10, h11 = figure_thirds.h11 + excluded.h11, h12 = figure_thirds.h12 + excluded.h12, h13 = figure_thirds.h13 + excluded.h13, h14 = figure_thirds.h14 + excluded.h14, h15 = figure_thirds.h15 + excluded.h15, h16 = figure_thirds.h16 + excluded.h16, h17 = figure_thirds.h17 + excluded.h17, h18 = figure_thirds.h18 + excluded.h18, h19 = figure_thirds.h19 + excluded.h19, h20 = figure_thirds.h20 + excluded.h20, h21 = figure_thirds.h21 + excluded.h21, h22 = figure_thirds.h22 + excluded.h22, h23 = figure_thirds.h23 + excluded.h23, rounds_0 = figure_thirds.rounds_0 + excluded.rounds_0, rounds_1 = figure_thirds.rounds_1 + excluded.rounds_1, rounds_2 = figure_thirds.rounds_2 + excluded.rounds_2, rounds_3 = figure_thirds.rounds_3 + excluded.rounds_3, rounds = figure_thirds.rounds + excluded.rounds, papers = figure_thirds.papers + excluded.papers, accepted = figure_thirds.accepted + excluded.accepted, concluded = figure_thirds.concluded + excluded.concluded, approved = figure_thirds.approved + excluded.approved, late = figure_thirds.late + excluded.late, over_law = figure_thirds.over_law + excluded.over_law, worked_days = figure_thirds.worked_days + excluded.worked_days, delivered = figure_thirds.delivered + excluded.delivered, trips = figure_thirds.trips + excluded.trips, minutes = figure_thirds.minutes + excluded.minutes, rated_1 = figure_thirds.rated_1 + excluded.rated_1, rated_2 = figure_thirds.rated_2 + excluded.rated_2, rated_3 = figure_thirds.rated_3 + excluded.rated_3, rated_4 = figure_thirds.rated_4 + excluded.rated_4, rated_5 = figure_thirds.rated_5 + excluded.rated_5, complaints = figure_thirds.complaints + excluded.complaints, complaints_answered = figure_thirds.complaints_answered + excluded.complaints_answered, complaints_heard = figure_thirds.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_thirds.complaints_resolved + excluded.complaints_resolved, orders = figure_thirds.orders + excluded.orders, orders_done = figure_thirds.orders_done + excluded.orders_done, orders_failed = figure_thirds.orders_failed + excluded.orders_failed, orders_refused = figure_thirds.orders_refused + excluded.orders_refused, orders_cancelled = figure_thirds.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_thirds.orders_moved + excluded.orders_moved, orders_handed = figure_thirds.orders_handed + excluded.orders_handed, orders_on_time = figure_thirds.orders_on_time + excluded.orders_on_time, in_preaudit = figure_thirds.in_preaudit + excluded.in_preaudit, in_correction = figure_thirds.in_correction + excluded.in_correction, in_collection = figure_thirds.in_collection + excluded.in_collection, in_reception = figure_thirds.in_reception + excluded.in_reception, in_decision = figure_thirds.in_decision + excluded.in_decision, in_result = figure_thirds.in_result + excluded.in_result, in_delivery = figure_thirds.in_delivery + excluded.in_delivery, orders_seconds = figure_thirds.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_days_delete_wide_offices AFTER delete ON figure_days FOR EACH ROW WHEN (OLD.partner = '') BEGIN INSERT INTO figure_office_thirds (third, region, department, departments, month, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES ((CAST(strftime('%Y', OLD.day) AS integer) * 12 + CAST(strftime('%m', OLD.day) AS integer) - 1) * 3 + CASE WHEN CAST(strftime('%d', OLD.day) AS integer) <= 10 THEN 0 WHEN CAST(strftime('%d', OLD.day) AS integer) <= 20 THEN 1 ELSE 2 END, OLD.region, OLD.department, OLD.departments, OLD.month, -OLD.opened, -OLD.is_draft, -OLD.is_submitted, -OLD.is_in_review, -OLD.is_returned, -OLD.is_preaudit_passed, -OLD.is_collecting, -OLD.is_received, -OLD.is_accepted, -OLD.is_processing, -OLD.is_approved, -OLD.is_refused, -OLD.is_concluded, -OLD.is_delivering, -OLD.is_delivered, -OLD.is_withdrawn, -OLD.is_not_accepted, -OLD.is_correction_expired, -OLD.is_aborted, -OLD.submitted, -OLD.h00, -OLD.h01, -OLD.h02, -OLD.h03, -OLD.h04, -OLD.h05, -OLD.h06, -OLD.h07, -OLD.h08, -OLD.h09, -OLD.h10, -OLD.h11, -OLD.h12, -OLD.h13, -OLD.h14, -OLD.h15, -OLD.h16, -OLD.h17, -OLD.h18, -OLD.h19, -OLD.h20, -OLD.h21, -OLD.h22, -OLD.h23, -OLD.rounds_0, -OLD.rounds_1, -OLD.rounds_2, -OLD.rounds_3, -OLD.rounds, -OLD.papers, -OLD.accepted, -OLD.concluded, -OLD.approved, -OLD.late, -OLD.over_law, -OLD.worked_days, -OLD.delivered, -OLD.trips, -OLD.minutes, -OLD.rated_1, -OLD.rated_2, -OLD.rated_3, -OLD.rated_4, -OLD.rated_5, -OLD.complaints, -OLD.complaints_answered, -OLD.complaints_heard, -OLD.complaints_resolved, -OLD.orders, -OLD.orders_done, -OLD.orders_failed, -OLD.orders_refused, -OLD.orders_cancelled, -OLD.orders_moved, -OLD.orders_handed, -OLD.orders_on_time, -OLD.in_preaudit, -OLD.in_correction, -OLD.in_collection, -OLD.in_reception, -OLD.in_decision, -OLD.in_result, -OLD.in_delivery, -OLD.orders_seconds) ON CONFLICT (third, region, department, departments) DO UPDATE SET opened = figure_office_thirds.opened + excluded.opened, is_draft = figure_office_thirds.is_draft + excluded.is_draft, is_submitted = figure_office_thirds.is_submitted + excluded.is_submitted, is_in_review = figure_office_thirds.is_in_review + excluded.is_in_review, is_returned = figure_office_thirds.is_returned + excluded.is_returned, is_preaudit_passed = figure_office_thirds.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_office_thirds.is_collecting + excluded.is_collecting, is_received = figure_office_thirds.is_received + excluded.is_received, is_accepted = figure_office_thirds.is_accepted + excluded.is_accepted, is_processing = figure_office_thirds.is_processing + excluded.is_processing, is_approved = figure_office_thirds.is_approved + excluded.is_approved, is_refused = figure_office_thirds.is_refused + excluded.is_refused, is_concluded = figure_office_thirds.is_concluded + excluded.is_concluded, is_delivering = figure_office_thirds.is_delivering + excluded.is_delivering, is_delivered = figure_office_thirds.is_delivered + excluded.is_delivered, is_withdrawn = figure_office_thirds.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_office_thirds.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_office_thirds.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_office_thirds.is_aborted + excluded.is_aborted, submitted = figure_office_thirds.submitted + excluded.submitted, h00 = figure_office_thirds.h00 + excluded.h00, h01 = figure_office_thirds.h01 + excluded.h01, h02 = figure_office_thirds.h02 + excluded.h02, h03 = figure_office_thirds.h03 + excluded.h03, h04 = figure_office_thirds.h04 + excluded.h04, h05 = figure_office_thirds.h05 + excluded.h05, h06 = figure_office_thirds.h06 + excluded.h06, h07 = figure_office_thirds.h07 + excluded.h07, h08 = figure_office_thirds.h08 + excluded.h08, h09 = figure_office_thirds.h09 + excluded.h09, h10 = figure_office_thirds.h10 + excluded.h10, h11 = figure_office_thirds.h11 + excluded.h11, h12 = figure_office_thirds.h12 + excluded.h12, h13 = figure_office_thirds.h13 + excluded.h13, h14 = figure_office_thirds.h14 + excluded.h14, h15 = figure_office_thirds.h15 + excluded.h15, h16 = figure_office_thirds.h16 + excluded.h16, h17 = figure_office_thirds.h17 + excluded.h17, h18 = figure_office_thirds.h18 + excluded.h18, h19 = figure_office_thirds.h19 + excluded.h19, h20 = figure_office_thirds.h20 + excluded.h20, h21 = figure_office_thirds.h21 + excluded.h21, h22 = figure_office_thirds.h22 + excluded.h22, h23 = figure_office_thirds.h23 + excluded.h23, rounds_0 = figure_office_thirds.rounds_0 + excluded.rounds_0, rounds_1 = figure_office_thirds.rounds_1 + excluded.rounds_1, rounds_2 = figure_office_thirds.rounds_2 + excluded.rounds_2, rounds_3 = figure_office_thirds.rounds_3 + excluded.rounds_3, rounds = figure_office_thirds.rounds + excluded.rounds, papers = figure_office_thirds.papers + excluded.papers, accepted = figure_office_thirds.accepted + excluded.accepted, concluded = figure_office_thirds.concluded + excluded.concluded, approved = figure_office_thirds.approved + excluded.approved, late = figure_office_thirds.late + excluded.late, over_law = figure_office_thirds.over_law + excluded.over_law, worked_days = figure_office_thirds.worked_days + excluded.worked_days, delivered = figure_office_thirds.delivered + excluded.delivered, trips = figure_office_thirds.trips + excluded.trips, minutes = figure_office_thirds.minutes + excluded.minutes, rated_1 = figure_office_thirds.rated_1 + excluded.rated_1, rated_2 = figure_office_thirds.rated_2 + excluded.rated_2, rated_3 = figure_office_thirds.rated_3 + excluded.rated_3, rated_4 = figure_office_thirds.rated_4 + excluded.rated_4, rated_5 = figure_office_thirds.rated_5 + excluded.rated_5, complaints = figure_office_thirds.complaints + excluded.complaints, complaints_answered = figure_office_thirds.complaints_answered + excluded.complaints_answered, complaints_heard = figure_office_thirds.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_office_thirds.complaints_resolved + excluded.complaints_resolved, orders = figure_office_thirds.orders + excluded.orders, orders_done = figure_office_thirds.orders_done + excluded.orders_done, orders_failed = figure_office_thirds.orders_failed + excluded.orders_failed, orders_refused = figure_office_thirds.orders_refused + excluded.orders_refused, orders_cancelled = figure_office_thirds.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_office_thirds.orders_moved + excluded.orders_moved, orders_handed = figure_office_thirds.orders_handed + excluded.orders_handed, orders_on_time = figure_office_thirds.orders_on_time + excluded.orders_on_time, in_preaudit = figure_office_thirds.in_preaudit + excluded.in_preaudit, in_correction = figure_office_thirds.in_correction + excluded.in_correction, in_collection = figure_office_thirds.in_collection + excluded.in_collection, in_reception = figure_office_thirds.in_reception + excluded.in_reception, in_decision = figure_office_thirds.in_decision + excluded.in_decision, in_result = figure_office_thirds.in_result + excluded.in_result, in_delivery = figure_office_thirds.in_delivery + excluded.in_delivery, orders_seconds = figure_office_thirds.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_days_insert_offices AFTER insert ON figure_days FOR EACH ROW WHEN (NEW.partner = '') BEGIN INSERT INTO figure_office_days (day, region, department, departments, month, weekday, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (NEW.day, NEW.region, NEW.department, NEW.departments, NEW.month, NEW.weekday, NEW.opened, NEW.is_draft, NEW.is_submitted, NEW.is_in_review, NEW.is_returned, NEW.is_preaudit_passed, NEW.is_collecting, NEW.is_received, NEW.is_accepted, NEW.is_processing, NEW.is_approved, NEW.is_refused, NEW.is_concluded, NEW.is_delivering, NEW.is_delivered, NEW.is_withdrawn, NEW.is_not_accepted, NEW.is_correction_expired, NEW.is_aborted, NEW.submitted, NEW.h00, NEW.h01, NEW.h02, NEW.h03, NEW.h04, NEW.h05, NEW.h06, NEW.h07, NEW.h08, NEW.h09, NEW.h10, NEW.h11, NEW.h12, NEW.h13, NEW.h14, NEW.h15, NEW.h16, NEW.h17, NEW.h18, NEW.h19, NEW.h20, NEW.h21, NEW.h22, NEW.h23, NEW.rounds_0, NEW.rounds_1, NEW.rounds_2, NEW.rounds_3, NEW.rounds, NEW.papers, NEW.accepted, NEW.concluded, NEW.approved, NEW.late, NEW.over_law, NEW.worked_days, NEW.delivered, NEW.trips, NEW.minutes, NEW.rated_1, NEW.rated_2, NEW.rated_3, NEW.rated_4, NEW.rated_5, NEW.complaints, NEW.complaints_answered, NEW.complaints_heard, NEW.complaints_resolved, NEW.orders, NEW.orders_done, NEW.orders_failed, NEW.orders_refused, NEW.orders_cancelled, NEW.orders_moved, NEW.orders_handed, NEW.orders_on_time, NEW.in_preaudit, NEW.in_correction, NEW.in_collection, NEW.in_reception, NEW.in_decision, NEW.in_result, NEW.in_delivery, NEW.orders_seconds) ON CONFLICT (day, region, department, departments) DO UPDATE SET opened = figure_office_days.opened + excluded.opened, is_draft = figure_office_days.is_draft + excluded.is_draft, is_submitted = figure_office_days.is_submitted + excluded.is_submitted, is_in_review = figure_office_days.is_in_review + excluded.is_in_review, is_returned = figure_office_days.is_returned + excluded.is_returned, is_preaudit_passed = figure_office_days.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_office_days.is_collecting + excluded.is_collecting, is_received = figure_office_days.is_received + excluded.is_received, is_accepted = figure_office_days.is_accepted + excluded.is_accepted, is_processing = figure_office_days.is_processing + excluded.is_processing, is_approved = figure_office_days.is_approved + excluded.is_approved, is_refused = figure_office_days.is_refused + excluded.is_refused, is_concluded = figure_office_days.is_concluded + excluded.is_concluded, is_delivering = figure_office_days.is_delivering + excluded.is_delivering, is_delivered = figure_office_days.is_delivered + excluded.is_delivered, is_withdrawn = figure_office_days.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_office_days.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_office_days.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_office_days.is_aborted + excluded.is_aborted, submitted = figure_office_days.submitted + excluded.submitted, h00 = figure_office_days.h00 + excluded.h00, h01 = figure_office_days.h01 + excluded.h01, h02 = figure_office_days.h02 + excluded.h02, h03 = figure_office_days.h03 + excluded.h03, h04 = figure_office_days.h04 + excluded.h04, h05 = figure_office_days.h05 + excluded.h05, h06 = figure_office_days.h06 + excluded.h06, h07 = figure_office_days.h07 + excluded.h07, h08 = figure_office_days.h08 + excluded.h08, h09 = figure_office_days.h09 + excluded.h09, h10 = figure_office_days.h10 + excluded.h10, h11 = figure_office_days.h11 + excluded.h11, h12 = figure_office_days.h12 + excluded.h12, h13 = figure_office_days.h13 + excluded.h13, h14 = figure_office_days.h14 + excluded.h14, h15 = figure_office_days.h15 + excluded.h15, h16 = figure_office_days.h16 + excluded.h16, h17 = figure_office_days.h17 + excluded.h17, h18 = figure_office_days.h18 + excluded.h18, h19 = figure_office_days.h19 + excluded.h19, h20 = figure_office_days.h20 + excluded.h20, h21 = figure_office_days.h21 + excluded.h21, h22 = figure_office_days.h22 + excluded.h22, h23 = figure_office_days.h23 + excluded.h23, rounds_0 = figure_office_days.rounds_0 + excluded.rounds_0, rounds_1 = figure_office_days.rounds_1 + excluded.rounds_1, rounds_2 = figure_office_days.rounds_2 + excluded.rounds_2, rounds_3 = figure_office_days.rounds_3 + excluded.rounds_3, rounds = figure_office_days.rounds + excluded.rounds, papers = figure_office_days.papers + excluded.papers, accepted = figure_office_days.accepted + excluded.accepted, concluded = figure_office_days.concluded + excluded.concluded, approved = figure_office_days.approved + excluded.approved, late = figure_office_days.late + excluded.late, over_law = figure_office_days.over_law + excluded.over_law, worked_days = figure_office_days.worked_days + excluded.worked_days, delivered = figure_office_days.delivered + excluded.delivered, trips = figure_office_days.trips + excluded.trips, minutes = figure_office_days.minutes + excluded.minutes, rated_1 = figure_office_days.rated_1 + excluded.rated_1, rated_2 = figure_office_days.rated_2 + excluded.rated_2, rated_3 = figure_office_days.rated_3 + excluded.rated_3, rated_4 = figure_office_days.rated_4 + excluded.rated_4, rated_5 = figure_office_days.rated_5 + excluded.rated_5, complaints = figure_office_days.complaints + excluded.complaints, complaints_answered = figure_office_days.complaints_answered + excluded.complaints_answered, complaints_heard = figure_office_days.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_office_days.complaints_resolved + excluded.complaints_resolved, orders = figure_office_days.orders + excluded.orders, orders_done = figure_office_days.orders_done + excluded.orders_done, orders_failed = figure_office_days.orders_failed + excluded.orders_failed, orders_refused = figure_office_days.orders_refused + excluded.orders_refused, orders_cancelled = figure_office_days.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_office_days.orders_moved + excluded.orders_moved, orders_handed = figure_office_days.orders_handed + excluded.orders_handed, orders_on_time = figure_office_days.orders_on_time + excluded.orders_on_time, in_preaudit = figure_office_days.in_preaudit + excluded.in_preaudit, in_correction = figure_office_days.in_correction + excluded.in_correction, in_collection = figure_office_days.in_collection + excluded.in_collection, in_reception = figure_office_days.in_reception + excluded.in_reception, in_decision = figure_office_days.in_decision + excluded.in_decision, in_result = figure_office_days.in_result + excluded.in_result, in_delivery = figure_office_days.in_delivery + excluded.in_delivery, orders_seconds = figure_office_days.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_days_insert_wide AFTER insert ON figure_days FOR EACH ROW  BEGIN INSERT INTO figure_thirds (third, region, department, departments, item_code, channel, partner, month, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES ((CAST(strftime('%Y', NEW.day) AS integer) * 12 + CAST(strftime('%m', NEW.day) AS integer) - 1) * 3 + CASE WHEN CAST(strftime('%d', NEW.day) AS integer) <= 10 THEN 0 WHEN CAST(strftime('%d', NEW.day) AS integer) <= 20 THEN 1 ELSE 2 END, NEW.region, NEW.department, NEW.departments, NEW.item_code, NEW.channel, NEW.partner, NEW.month, NEW.opened, NEW.is_draft, NEW.is_submitted, NEW.is_in_review, NEW.is_returned, NEW.is_preaudit_passed, NEW.is_collecting, NEW.is_received, NEW.is_accepted, NEW.is_processing, NEW.is_approved, NEW.is_refused, NEW.is_concluded, NEW.is_delivering, NEW.is_delivered, NEW.is_withdrawn, NEW.is_not_accepted, NEW.is_correction_expired, NEW.is_aborted, NEW.submitted, NEW.h00, NEW.h01, NEW.h02, NEW.h03, NEW.h04, NEW.h05, NEW.h06, NEW.h07, NEW.h08, NEW.h09, NEW.h10, NEW.h11, NEW.h12, NEW.h13, NEW.h14, NEW.h15, NEW.h16, NEW.h17, NEW.h18, NEW.h19, NEW.h20, NEW.h21, NEW.h22, NEW.h23, NEW.rounds_0, NEW.rounds_1, NEW.rounds_2, NEW.rounds_3, NEW.rounds, NEW.papers, NEW.accepted, NEW.concluded, NEW.approved, NEW.late, NEW.over_law, NEW.worked_days, NEW.delivered, NEW.trips, NEW.minutes, NEW.rated_1, NEW.rated_2, NEW.rated_3, NEW.rated_4, NEW.rated_5, NEW.complaints, NEW.complaints_answered, NEW.complaints_heard, NEW.complaints_resolved, NEW.orders, NEW.orders_done, NEW.orders_failed, NEW.orders_refused, NEW.orders_cancelled, NEW.orders_moved, NEW.orders_handed, NEW.orders_on_time, NEW.in_preaudit, NEW.in_correction, NEW.in_collection, NEW.in_reception, NEW.in_decision, NEW.in_result, NEW.in_delivery, NEW.orders_seconds) ON CONFLICT (third, region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_thirds.opened + excluded.opened, is_draft = figure_thirds.is_draft + excluded.is_draft, is_submitted = figure_thirds.is_submitted + excluded.is_submitted, is_in_review = figure_thirds.is_in_review + excluded.is_in_review, is_returned = figure_thirds.is_returned + excluded.is_returned, is_preaudit_passed = figure_thirds.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_thirds.is_collecting + excluded.is_collecting, is_received = figure_thirds.is_received + excluded.is_received, is_accepted = figure_thirds.is_accepted + excluded.is_accepted, is_processing = figure_thirds.is_processing + excluded.is_processing, is_approved = figure_thirds.is_approved + excluded.is_approved, is_refused = figure_thirds.is_refused + excluded.is_refused, is_concluded = figure_thirds.is_concluded + excluded.is_concluded, is_delivering = figure_thirds.is_delivering + excluded.is_delivering, is_delivered = figure_thirds.is_delivered + excluded.is_delivered, is_withdrawn = figure_thirds.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_thirds.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_thirds.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_thirds.is_aborted + excluded.is_aborted, submitted = figure_thirds.submitted + excluded.submitted, h00 = figure_thirds.h00 + excluded.h00, h01 = figure_thirds.h01 + excluded.h01, h02 = figure_thirds.h02 + excluded.h02, h03 = figure_thirds.h03 + excluded.h03, h04 = figure_thirds.h04 + excluded.h04, h05 = figure_thirds.h05 + excluded.h05, h06 = figure_thirds.h06 + excluded.h06, h07 = figure_thirds.h07 + excluded.h07, h08 = figure_thirds.h08 + excluded.h08, h09 = figure_thirds.h09 + excluded.h09, h10 = figure_thirds.h10 + excluded.h10, h11 = figure_thirds.h11 + excluded.h11, h12 = figure_thirds.h12 + excluded.h12, h13 = figure_thirds.h13 + excluded.h13, h14 = figure_thirds.h14 + excluded.h14, h15 = figure_thirds.h15 + excluded.h15, h16 = figure_thirds.h16 + excluded.h16, h17 = figure_thirds.h17 + excluded.h17, h18 = figure_thirds.h18 + excluded.h18, h19 = figure_thirds.h19 + excluded.h19, h20 = figure_thirds.h20 + excluded.h20, h21 = figure_thirds.h21 + excluded.h21, h22 = figure_thirds.h22 + excluded.h22, h23 = figure_thirds.h23 + excluded.h23, rounds_0 = figure_thirds.rounds_0 + excluded.rounds_0, rounds_1 = figure_thirds.rounds_1 + excluded.rounds_1, rounds_2 = figure_thirds.rounds_2 + excluded.rounds_2, rounds_3 = figure_thirds.rounds_3 + excluded.rounds_3, rounds = figure_thirds.rounds + excluded.rounds, papers = figure_thirds.papers + excluded.papers, accepted = figure_thirds.accepted + excluded.accepted, concluded = figure_thirds.concluded + excluded.concluded, approved = figure_thirds.approved + excluded.approved, late = figure_thirds.late + excluded.late, over_law = figure_thirds.over_law + excluded.over_law, worked_days = figure_thirds.worked_days + excluded.worked_days, delivered = figure_thirds.delivered + excluded.delivered, trips = figure_thirds.trips + excluded.trips, minutes = figure_thirds.minutes + excluded.minutes, rated_1 = figure_thirds.rated_1 + excluded.rated_1, rated_2 = figure_thirds.rated_2 + excluded.rated_2, rated_3 = figure_thirds.rated_3 + excluded.rated_3, rated_4 = figure_thirds.rated_4 + excluded.rated_4, rated_5 = figure_thirds.rated_5 + excluded.rated_5, complaints = figure_thirds.complaints + excluded.complaints, complaints_answered = figure_thirds.complaints_answered + excluded.complaints_answered, complaints_heard = figure_thirds.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_thirds.complaints_resolved + excluded.complaints_resolved, orders = figure_thirds.orders + excluded.orders, orders_done = figure_thirds.orders_done + excluded.orders_done, orders_failed = figure_thirds.orders_failed + excluded.orders_failed, orders_refused = figure_thirds.orders_refused + excluded.orders_refused, orders_cancelled = figure_thirds.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_thirds.orders_moved + excluded.orders_moved, orders_handed = figure_thirds.orders_handed + excluded.orders_handed, orders_on_time = figure_thirds.orders_on_time + excluded.orders_on_time, in_preaudit = figure_thirds.in_preaudit + excluded.in_preaudit, in_correction = figure_thirds.in_correction + excluded.in_correction, in_collection = figure_thirds.in_collection + excluded.in_collection, in_reception = figure_thirds.in_reception + excluded.in_reception, in_decision = figure_thirds.in_decision + excluded.in_decision, in_result = figure_thirds.in_result + excluded.in_result, in_delivery = figure_thirds.in_delivery + excluded.in_delivery, orders_seconds = figure_thirds.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_days_insert_wide_offices AFTER insert ON figure_days FOR EACH ROW WHEN (NEW.partner = '') BEGIN INSERT INTO figure_office_thirds (third, region, department, departments, month, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES ((CAST(strftime('%Y', NEW.day) AS integer) * 12 + CAST(strftime('%m', NEW.day) AS integer) - 1) * 3 + CASE WHEN CAST(strftime('%d', NEW.day) AS integer) <= 10 THEN 0 WHEN CAST(strftime('%d', NEW.day) AS integer) <= 20 THEN 1 ELSE 2 END, NEW.region, NEW.department, NEW.departments, NEW.month, NEW.opened, NEW.is_draft, NEW.is_submitted, NEW.is_in_review, NEW.is_returned, NEW.is_preaudit_passed, NEW.is_collecting, NEW.is_received, NEW.is_accepted, NEW.is_processing, NEW.is_approved, NEW.is_refused, NEW.is_concluded, NEW.is_delivering, NEW.is_delivered, NEW.is_withdrawn, NEW.is_not_accepted, NEW.is_correction_expired, NEW.is_aborted, NEW.submitted, NEW.h00, NEW.h01, NEW.h02, NEW.h03, NEW.h04, NEW.h05, NEW.h06, NEW.h07, NEW.h08, NEW.h09, NEW.h10, NEW.h11, NEW.h12, NEW.h13, NEW.h14, NEW.h15, NEW.h16, NEW.h17, NEW.h18, NEW.h19, NEW.h20, NEW.h21, NEW.h22, NEW.h23, NEW.rounds_0, NEW.rounds_1, NEW.rounds_2, NEW.rounds_3, NEW.rounds, NEW.papers, NEW.accepted, NEW.concluded, NEW.approved, NEW.late, NEW.over_law, NEW.worked_days, NEW.delivered, NEW.trips, NEW.minutes, NEW.rated_1, NEW.rated_2, NEW.rated_3, NEW.rated_4, NEW.rated_5, NEW.complaints, NEW.complaints_answered, NEW.complaints_heard, NEW.complaints_resolved, NEW.orders, NEW.orders_done, NEW.orders_failed, NEW.orders_refused, NEW.orders_cancelled, NEW.orders_moved, NEW.orders_handed, NEW.orders_on_time, NEW.in_preaudit, NEW.in_correction, NEW.in_collection, NEW.in_reception, NEW.in_decision, NEW.in_result, NEW.in_delivery, NEW.orders_seconds) ON CONFLICT (third, region, department, departments) DO UPDATE SET opened = figure_office_thirds.opened + excluded.opened, is_draft = figure_office_thirds.is_draft + excluded.is_draft, is_submitted = figure_office_thirds.is_submitted + excluded.is_submitted, is_in_review = figure_office_thirds.is_in_review + excluded.is_in_review, is_returned = figure_office_thirds.is_returned + excluded.is_returned, is_preaudit_passed = figure_office_thirds.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_office_thirds.is_collecting + excluded.is_collecting, is_received = figure_office_thirds.is_received + excluded.is_received, is_accepted = figure_office_thirds.is_accepted + excluded.is_accepted, is_processing = figure_office_thirds.is_processing + excluded.is_processing, is_approved = figure_office_thirds.is_approved + excluded.is_approved, is_refused = figure_office_thirds.is_refused + excluded.is_refused, is_concluded = figure_office_thirds.is_concluded + excluded.is_concluded, is_delivering = figure_office_thirds.is_delivering + excluded.is_delivering, is_delivered = figure_office_thirds.is_delivered + excluded.is_delivered, is_withdrawn = figure_office_thirds.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_office_thirds.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_office_thirds.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_office_thirds.is_aborted + excluded.is_aborted, submitted = figure_office_thirds.submitted + excluded.submitted, h00 = figure_office_thirds.h00 + excluded.h00, h01 = figure_office_thirds.h01 + excluded.h01, h02 = figure_office_thirds.h02 + excluded.h02, h03 = figure_office_thirds.h03 + excluded.h03, h04 = figure_office_thirds.h04 + excluded.h04, h05 = figure_office_thirds.h05 + excluded.h05, h06 = figure_office_thirds.h06 + excluded.h06, h07 = figure_office_thirds.h07 + excluded.h07, h08 = figure_office_thirds.h08 + excluded.h08, h09 = figure_office_thirds.h09 + excluded.h09, h10 = figure_office_thirds.h10 + excluded.h10, h11 = figure_office_thirds.h11 + excluded.h11, h12 = figure_office_thirds.h12 + excluded.h12, h13 = figure_office_thirds.h13 + excluded.h13, h14 = figure_office_thirds.h14 + excluded.h14, h15 = figure_office_thirds.h15 + excluded.h15, h16 = figure_office_thirds.h16 + excluded.h16, h17 = figure_office_thirds.h17 + excluded.h17, h18 = figure_office_thirds.h18 + excluded.h18, h19 = figure_office_thirds.h19 + excluded.h19, h20 = figure_office_thirds.h20 + excluded.h20, h21 = figure_office_thirds.h21 + excluded.h21, h22 = figure_office_thirds.h22 + excluded.h22, h23 = figure_office_thirds.h23 + excluded.h23, rounds_0 = figure_office_thirds.rounds_0 + excluded.rounds_0, rounds_1 = figure_office_thirds.rounds_1 + excluded.rounds_1, rounds_2 = figure_office_thirds.rounds_2 + excluded.rounds_2, rounds_3 = figure_office_thirds.rounds_3 + excluded.rounds_3, rounds = figure_office_thirds.rounds + excluded.rounds, papers = figure_office_thirds.papers + excluded.papers, accepted = figure_office_thirds.accepted + excluded.accepted, concluded = figure_office_thirds.concluded + excluded.concluded, approved = figure_office_thirds.approved + excluded.approved, late = figure_office_thirds.late + excluded.late, over_law = figure_office_thirds.over_law + excluded.over_law, worked_days = figure_office_thirds.worked_days + excluded.worked_days, delivered = figure_office_thirds.delivered + excluded.delivered, trips = figure_office_thirds.trips + excluded.trips, minutes = figure_office_thirds.minutes + excluded.minutes, rated_1 = figure_office_thirds.rated_1 + excluded.rated_1, rated_2 = figure_office_thirds.rated_2 + excluded.rated_2, rated_3 = figure_office_thirds.rated_3 + excluded.rated_3, rated_4 = figure_office_thirds.rated_4 + excluded.rated_4, rated_5 = figure_office_thirds.rated_5 + excluded.rated_5, complaints = figure_office_thirds.complaints + excluded.complaints, complaints_answered = figure_office_thirds.complaints_answered + excluded.complaints_answered, complaints_heard = figure_office_thirds.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_office_thirds.complaints_resolved + excluded.complaints_resolved, orders = figure_office_thirds.orders + excluded.orders, orders_done = figure_office_thirds.orders_done + excluded.orders_done, orders_failed = figure_office_thirds.orders_failed + excluded.orders_failed, orders_refused = figure_office_thirds.orders_refused + excluded.orders_refused, orders_cancelled = figure_office_thirds.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_office_thirds.orders_moved + excluded.orders_moved, orders_handed = figure_office_thirds.orders_handed + excluded.orders_handed, orders_on_time = figure_office_thirds.orders_on_time + excluded.orders_on_time, in_preaudit = figure_office_thirds.in_preaudit + excluded.in_preaudit, in_correction = figure_office_thirds.in_correction + excluded.in_correction, in_collection = figure_office_thirds.in_collection + excluded.in_collection, in_reception = figure_office_thirds.in_reception + excluded.in_reception, in_decision = figure_office_thirds.in_decision + excluded.in_decision, in_result = figure_office_thirds.in_result + excluded.in_result, in_delivery = figure_office_thirds.in_delivery + excluded.in_delivery, orders_seconds = figure_office_thirds.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_days_update_offices AFTER update ON figure_days FOR EACH ROW WHEN (NEW.partner = '') BEGIN INSERT INTO figure_office_days (day, region, department, departments, month, weekday, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (NEW.day, NEW.region, NEW.department, NEW.departments, NEW.month, NEW.weekday, NEW.opened - OLD.opened, NEW.is_draft - OLD.is_draft, NEW.is_submitted - OLD.is_submitted, NEW.is_in_review - OLD.is_in_review, NEW.is_returned - OLD.is_returned, NEW.is_preaudit_passed - OLD.is_preaudit_passed, NEW.is_collecting - OLD.is_collecting, NEW.is_received - OLD.is_received, NEW.is_accepted - OLD.is_accepted, NEW.is_processing - OLD.is_processing, NEW.is_approved - OLD.is_approved, NEW.is_refused - OLD.is_refused, NEW.is_concluded - OLD.is_concluded, NEW.is_delivering - OLD.is_delivering, NEW.is_delivered - OLD.is_delivered, NEW.is_withdrawn - OLD.is_withdrawn, NEW.is_not_accepted - OLD.is_not_accepted, NEW.is_correction_expired - OLD.is_correction_expired, NEW.is_aborted - OLD.is_aborted, NEW.submitted - OLD.submitted, NEW.h00 - OLD.h00, NEW.h01 - OLD.h01, NEW.h02 - OLD.h02, NEW.h03 - OLD.h03, NEW.h04 - OLD.h04, NEW.h05 - OLD.h05, NEW.h06 - OLD.h06, NEW.h07 - OLD.h07, NEW.h08 - OLD.h08, NEW.h09 - OLD.h09, NEW.h10 - OLD.h10, NEW.h11 - OLD.h11, NEW.h12 - OLD.h12, NEW.h13 - OLD.h13, NEW.h14 - OLD.h14, NEW.h15 - OLD.h15, NEW.h16 - OLD.h16, NEW.h17 - OLD.h17, NEW.h18 - OLD.h18, NEW.h19 - OLD.h19, NEW.h20 - OLD.h20, NEW.h21 - OLD.h21, NEW.h22 - OLD.h22, NEW.h23 - OLD.h23, NEW.rounds_0 - OLD.rounds_0, NEW.rounds_1 - OLD.rounds_1, NEW.rounds_2 - OLD.rounds_2, NEW.rounds_3 - OLD.rounds_3, NEW.rounds - OLD.rounds, NEW.papers - OLD.papers, NEW.accepted - OLD.accepted, NEW.concluded - OLD.concluded, NEW.approved - OLD.approved, NEW.late - OLD.late, NEW.over_law - OLD.over_law, NEW.worked_days - OLD.worked_days, NEW.delivered - OLD.delivered, NEW.trips - OLD.trips, NEW.minutes - OLD.minutes, NEW.rated_1 - OLD.rated_1, NEW.rated_2 - OLD.rated_2, NEW.rated_3 - OLD.rated_3, NEW.rated_4 - OLD.rated_4, NEW.rated_5 - OLD.rated_5, NEW.complaints - OLD.complaints, NEW.complaints_answered - OLD.complaints_answered, NEW.complaints_heard - OLD.complaints_heard, NEW.complaints_resolved - OLD.complaints_resolved, NEW.orders - OLD.orders, NEW.orders_done - OLD.orders_done, NEW.orders_failed - OLD.orders_failed, NEW.orders_refused - OLD.orders_refused, NEW.orders_cancelled - OLD.orders_cancelled, NEW.orders_moved - OLD.orders_moved, NEW.orders_handed - OLD.orders_handed, NEW.orders_on_time - OLD.orders_on_time, NEW.in_preaudit - OLD.in_preaudit, NEW.in_correction - OLD.in_correction, NEW.in_collection - OLD.in_collection, NEW.in_reception - OLD.in_reception, NEW.in_decision - OLD.in_decision, NEW.in_result - OLD.in_result, NEW.in_delivery - OLD.in_delivery, NEW.orders_seconds - OLD.orders_seconds) ON CONFLICT (day, region, department, departments) DO UPDATE SET opened = figure_office_days.opened + excluded.opened, is_draft = figure_office_days.is_draft + excluded.is_draft, is_submitted = figure_office_days.is_submitted + excluded.is_submitted, is_in_review = figure_office_days.is_in_review + excluded.is_in_review, is_returned = figure_office_days.is_returned + excluded.is_returned, is_preaudit_passed = figure_office_days.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_office_days.is_collecting + excluded.is_collecting, is_received = figure_office_days.is_received + excluded.is_received, is_accepted = figure_office_days.is_accepted + excluded.is_accepted, is_processing = figure_office_days.is_processing + excluded.is_processing, is_approved = figure_office_days.is_approved + excluded.is_approved, is_refused = figure_office_days.is_refused + excluded.is_refused, is_concluded = figure_office_days.is_concluded + excluded.is_concluded, is_delivering = figure_office_days.is_delivering + excluded.is_delivering, is_delivered = figure_office_days.is_delivered + excluded.is_delivered, is_withdrawn = figure_office_days.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_office_days.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_office_days.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_office_days.is_aborted + excluded.is_aborted, submitted = figure_office_days.submitted + excluded.submitted, h00 = figure_office_days.h00 + excluded.h00, h01 = figure_office_days.h01 + excluded.h01, h02 = figure_office_days.h02 + excluded.h02, h03 = figure_office_days.h03 + excluded.h03, h04 = figure_office_days.h04 + excluded.h04, h05 = figure_office_days.h05 + excluded.h05, h06 = figure_office_days.h06 + excluded.h06, h07 = figure_office_days.h07 + excluded.h07, h08 = figure_office_days.h08 + excluded.h08, h09 = figure_office_days.h09 + excluded.h09, h10 = figure_office_days.h10 + excluded.h10, h11 = figure_office_days.h11 + excluded.h11, h12 = figure_office_days.h12 + excluded.h12, h13 = figure_office_days.h13 + excluded.h13, h14 = figure_office_days.h14 + excluded.h14, h15 = figure_office_days.h15 + excluded.h15, h16 = figure_office_days.h16 + excluded.h16, h17 = figure_office_days.h17 + excluded.h17, h18 = figure_office_days.h18 + excluded.h18, h19 = figure_office_days.h19 + excluded.h19, h20 = figure_office_days.h20 + excluded.h20, h21 = figure_office_days.h21 + excluded.h21, h22 = figure_office_days.h22 + excluded.h22, h23 = figure_office_days.h23 + excluded.h23, rounds_0 = figure_office_days.rounds_0 + excluded.rounds_0, rounds_1 = figure_office_days.rounds_1 + excluded.rounds_1, rounds_2 = figure_office_days.rounds_2 + excluded.rounds_2, rounds_3 = figure_office_days.rounds_3 + excluded.rounds_3, rounds = figure_office_days.rounds + excluded.rounds, papers = figure_office_days.papers + excluded.papers, accepted = figure_office_days.accepted + excluded.accepted, concluded = figure_office_days.concluded + excluded.concluded, approved = figure_office_days.approved + excluded.approved, late = figure_office_days.late + excluded.late, over_law = figure_office_days.over_law + excluded.over_law, worked_days = figure_office_days.worked_days + excluded.worked_days, delivered = figure_office_days.delivered + excluded.delivered, trips = figure_office_days.trips + excluded.trips, minutes = figure_office_days.minutes + excluded.minutes, rated_1 = figure_office_days.rated_1 + excluded.rated_1, rated_2 = figure_office_days.rated_2 + excluded.rated_2, rated_3 = figure_office_days.rated_3 + excluded.rated_3, rated_4 = figure_office_days.rated_4 + excluded.rated_4, rated_5 = figure_office_days.rated_5 + excluded.rated_5, complaints = figure_office_days.complaints + excluded.complaints, complaints_answered = figure_office_days.complaints_answered + excluded.complaints_answered, complaints_heard = figure_office_days.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_office_days.complaints_resolved + excluded.complaints_resolved, orders = figure_office_days.orders + excluded.orders, orders_done = figure_office_days.orders_done + excluded.orders_done, orders_failed = figure_office_days.orders_failed + excluded.orders_failed, orders_refused = figure_office_days.orders_refused + excluded.orders_refused, orders_cancelled = figure_office_days.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_office_days.orders_moved + excluded.orders_moved, orders_handed = figure_office_days.orders_handed + excluded.orders_handed, orders_on_time = figure_office_days.orders_on_time + excluded.orders_on_time, in_preaudit = figure_office_days.in_preaudit + excluded.in_preaudit, in_correction = figure_office_days.in_correction + excluded.in_correction, in_collection = figure_office_days.in_collection + excluded.in_collection, in_reception = figure_office_days.in_reception + excluded.in_reception, in_decision = figure_office_days.in_decision + excluded.in_decision, in_result = figure_office_days.in_result + excluded.in_result, in_delivery = figure_office_days.in_delivery + excluded.in_delivery, orders_seconds = figure_office_days.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_days_update_wide AFTER update ON figure_days FOR EACH ROW  BEGIN INSERT INTO figure_thirds (third, region, department, departments, item_code, channel, partner, month, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES ((CAST(strftime('%Y', NEW.day) AS integer) * 12 + CAST(strftime('%m', NEW.day) AS integer) - 1) * 3 + CASE WHEN CAST(strftime('%d', NEW.day) AS integer) <= 10 THEN 0 WHEN CAST(strftime('%d', NEW.day) AS integer) <= 20 THEN 1 ELSE 2 END, NEW.region, NEW.department, NEW.departments, NEW.item_code, NEW.channel, NEW.partner, NEW.month, NEW.opened - OLD.opened, NEW.is_draft - OLD.is_draft, NEW.is_submitted - OLD.is_submitted, NEW.is_in_review - OLD.is_in_review, NEW.is_returned - OLD.is_returned, NEW.is_preaudit_passed - OLD.is_preaudit_passed, NEW.is_collecting - OLD.is_collecting, NEW.is_received - OLD.is_received, NEW.is_accepted - OLD.is_accepted, NEW.is_processing - OLD.is_processing, NEW.is_approved - OLD.is_approved, NEW.is_refused - OLD.is_refused, NEW.is_concluded - OLD.is_concluded, NEW.is_delivering - OLD.is_delivering, NEW.is_delivered - OLD.is_delivered, NEW.is_withdrawn - OLD.is_withdrawn, NEW.is_not_accepted - OLD.is_not_accepted, NEW.is_correction_expired - OLD.is_correction_expired, NEW.is_aborted - OLD.is_aborted, NEW.submitted - OLD.submitted, NEW.h00 - OLD.h00, NEW.h01 - OLD.h01, NEW.h02 - OLD.h02, NEW.h03 - OLD.h03, NEW.h04 - OLD.h04, NEW.h05 - OLD.h05, NEW.h06 - OLD.h06, NEW.h07 - OLD.h07, NEW.h08 - OLD.h08, NEW.h09 - OLD.h09, NEW.h10 - OLD.h10, NEW.h11 - OLD.h11, NEW.h12 - OLD.h12, NEW.h13 - OLD.h13, NEW.h14 - OLD.h14, NEW.h15 - OLD.h15, NEW.h16 - OLD.h16, NEW.h17 - OLD.h17, NEW.h18 - OLD.h18, NEW.h19 - OLD.h19, NEW.h20 - OLD.h20, NEW.h21 - OLD.h21, NEW.h22 - OLD.h22, NEW.h23 - OLD.h23, NEW.rounds_0 - OLD.rounds_0, NEW.rounds_1 - OLD.rounds_1, NEW.rounds_2 - OLD.rounds_2, NEW.rounds_3 - OLD.rounds_3, NEW.rounds - OLD.rounds, NEW.papers - OLD.papers, NEW.accepted - OLD.accepted, NEW.concluded - OLD.concluded, NEW.approved - OLD.approved, NEW.late - OLD.late, NEW.over_law - OLD.over_law, NEW.worked_days - OLD.worked_days, NEW.delivered - OLD.delivered, NEW.trips - OLD.trips, NEW.minutes - OLD.minutes, NEW.rated_1 - OLD.rated_1, NEW.rated_2 - OLD.rated_2, NEW.rated_3 - OLD.rated_3, NEW.rated_4 - OLD.rated_4, NEW.rated_5 - OLD.rated_5, NEW.complaints - OLD.complaints, NEW.complaints_answered - OLD.complaints_answered, NEW.complaints_heard - OLD.complaints_heard, NEW.complaints_resolved - OLD.complaints_resolved, NEW.orders - OLD.orders, NEW.orders_done - OLD.orders_done, NEW.orders_failed - OLD.orders_failed, NEW.orders_refused - OLD.orders_refused, NEW.orders_cancelled - OLD.orders_cancelled, NEW.orders_moved - OLD.orders_moved, NEW.orders_handed - OLD.orders_handed, NEW.orders_on_time - OLD.orders_on_time, NEW.in_preaudit - OLD.in_preaudit, NEW.in_correction - OLD.in_correction, NEW.in_collection - OLD.in_collection, NEW.in_reception - OLD.in_reception, NEW.in_decision - OLD.in_decision, NEW.in_result - OLD.in_result, NEW.in_delivery - OLD.in_delivery, NEW.orders_seconds - OLD.orders_seconds) ON CONFLICT (third, region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_thirds.opened + excluded.opened, is_draft = figure_thirds.is_draft + excluded.is_draft, is_submitted = figure_thirds.is_submitted + excluded.is_submitted, is_in_review = figure_thirds.is_in_review + excluded.is_in_review, is_returned = figure_thirds.is_returned + excluded.is_returned, is_preaudit_passed = figure_thirds.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_thirds.is_collecting + excluded.is_collecting, is_received = figure_thirds.is_received + excluded.is_received, is_accepted = figure_thirds.is_accepted + excluded.is_accepted, is_processing = figure_thirds.is_processing + excluded.is_processing, is_approved = figure_thirds.is_approved + excluded.is_approved, is_refused = figure_thirds.is_refused + excluded.is_refused, is_concluded = figure_thirds.is_concluded + excluded.is_concluded, is_delivering = figure_thirds.is_delivering + excluded.is_delivering, is_delivered = figure_thirds.is_delivered + excluded.is_delivered, is_withdrawn = figure_thirds.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_thirds.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_thirds.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_thirds.is_aborted + excluded.is_aborted, submitted = figure_thirds.submitted + excluded.submitted, h00 = figure_thirds.h00 + excluded.h00, h01 = figure_thirds.h01 + excluded.h01, h02 = figure_thirds.h02 + excluded.h02, h03 = figure_thirds.h03 + excluded.h03, h04 = figure_thirds.h04 + excluded.h04, h05 = figure_thirds.h05 + excluded.h05, h06 = figure_thirds.h06 + excluded.h06, h07 = figure_thirds.h07 + excluded.h07, h08 = figure_thirds.h08 + excluded.h08, h09 = figure_thirds.h09 + excluded.h09, h10 = figure_thirds.h10 + excluded.h10, h11 = figure_thirds.h11 + excluded.h11, h12 = figure_thirds.h12 + excluded.h12, h13 = figure_thirds.h13 + excluded.h13, h14 = figure_thirds.h14 + excluded.h14, h15 = figure_thirds.h15 + excluded.h15, h16 = figure_thirds.h16 + excluded.h16, h17 = figure_thirds.h17 + excluded.h17, h18 = figure_thirds.h18 + excluded.h18, h19 = figure_thirds.h19 + excluded.h19, h20 = figure_thirds.h20 + excluded.h20, h21 = figure_thirds.h21 + excluded.h21, h22 = figure_thirds.h22 + excluded.h22, h23 = figure_thirds.h23 + excluded.h23, rounds_0 = figure_thirds.rounds_0 + excluded.rounds_0, rounds_1 = figure_thirds.rounds_1 + excluded.rounds_1, rounds_2 = figure_thirds.rounds_2 + excluded.rounds_2, rounds_3 = figure_thirds.rounds_3 + excluded.rounds_3, rounds = figure_thirds.rounds + excluded.rounds, papers = figure_thirds.papers + excluded.papers, accepted = figure_thirds.accepted + excluded.accepted, concluded = figure_thirds.concluded + excluded.concluded, approved = figure_thirds.approved + excluded.approved, late = figure_thirds.late + excluded.late, over_law = figure_thirds.over_law + excluded.over_law, worked_days = figure_thirds.worked_days + excluded.worked_days, delivered = figure_thirds.delivered + excluded.delivered, trips = figure_thirds.trips + excluded.trips, minutes = figure_thirds.minutes + excluded.minutes, rated_1 = figure_thirds.rated_1 + excluded.rated_1, rated_2 = figure_thirds.rated_2 + excluded.rated_2, rated_3 = figure_thirds.rated_3 + excluded.rated_3, rated_4 = figure_thirds.rated_4 + excluded.rated_4, rated_5 = figure_thirds.rated_5 + excluded.rated_5, complaints = figure_thirds.complaints + excluded.complaints, complaints_answered = figure_thirds.complaints_answered + excluded.complaints_answered, complaints_heard = figure_thirds.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_thirds.complaints_resolved + excluded.complaints_resolved, orders = figure_thirds.orders + excluded.orders, orders_done = figure_thirds.orders_done + excluded.orders_done, orders_failed = figure_thirds.orders_failed + excluded.orders_failed, orders_refused = figure_thirds.orders_refused + excluded.orders_refused, orders_cancelled = figure_thirds.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_thirds.orders_moved + excluded.orders_moved, orders_handed = figure_thirds.orders_handed + excluded.orders_handed, orders_on_time = figure_thirds.orders_on_time + excluded.orders_on_time, in_preaudit = figure_thirds.in_preaudit + excluded.in_preaudit, in_correction = figure_thirds.in_correction + excluded.in_correction, in_collection = figure_thirds.in_collection + excluded.in_collection, in_reception = figure_thirds.in_reception + excluded.in_reception, in_decision = figure_thirds.in_decision + excluded.in_decision, in_result = figure_thirds.in_result + excluded.in_result, in_delivery = figure_thirds.in_delivery + excluded.in_delivery, orders_seconds = figure_thirds.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_days_update_wide_offices AFTER update ON figure_days FOR EACH ROW WHEN (NEW.partner = '') BEGIN INSERT INTO figure_office_thirds (third, region, department, departments, month, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES ((CAST(strftime('%Y', NEW.day) AS integer) * 12 + CAST(strftime('%m', NEW.day) AS integer) - 1) * 3 + CASE WHEN CAST(strftime('%d', NEW.day) AS integer) <= 10 THEN 0 WHEN CAST(strftime('%d', NEW.day) AS integer) <= 20 THEN 1 ELSE 2 END, NEW.region, NEW.department, NEW.departments, NEW.month, NEW.opened - OLD.opened, NEW.is_draft - OLD.is_draft, NEW.is_submitted - OLD.is_submitted, NEW.is_in_review - OLD.is_in_review, NEW.is_returned - OLD.is_returned, NEW.is_preaudit_passed - OLD.is_preaudit_passed, NEW.is_collecting - OLD.is_collecting, NEW.is_received - OLD.is_received, NEW.is_accepted - OLD.is_accepted, NEW.is_processing - OLD.is_processing, NEW.is_approved - OLD.is_approved, NEW.is_refused - OLD.is_refused, NEW.is_concluded - OLD.is_concluded, NEW.is_delivering - OLD.is_delivering, NEW.is_delivered - OLD.is_delivered, NEW.is_withdrawn - OLD.is_withdrawn, NEW.is_not_accepted - OLD.is_not_accepted, NEW.is_correction_expired - OLD.is_correction_expired, NEW.is_aborted - OLD.is_aborted, NEW.submitted - OLD.submitted, NEW.h00 - OLD.h00, NEW.h01 - OLD.h01, NEW.h02 - OLD.h02, NEW.h03 - OLD.h03, NEW.h04 - OLD.h04, NEW.h05 - OLD.h05, NEW.h06 - OLD.h06, NEW.h07 - OLD.h07, NEW.h08 - OLD.h08, NEW.h09 - OLD.h09, NEW.h10 - OLD.h10, NEW.h11 - OLD.h11, NEW.h12 - OLD.h12, NEW.h13 - OLD.h13, NEW.h14 - OLD.h14, NEW.h15 - OLD.h15, NEW.h16 - OLD.h16, NEW.h17 - OLD.h17, NEW.h18 - OLD.h18, NEW.h19 - OLD.h19, NEW.h20 - OLD.h20, NEW.h21 - OLD.h21, NEW.h22 - OLD.h22, NEW.h23 - OLD.h23, NEW.rounds_0 - OLD.rounds_0, NEW.rounds_1 - OLD.rounds_1, NEW.rounds_2 - OLD.rounds_2, NEW.rounds_3 - OLD.rounds_3, NEW.rounds - OLD.rounds, NEW.papers - OLD.papers, NEW.accepted - OLD.accepted, NEW.concluded - OLD.concluded, NEW.approved - OLD.approved, NEW.late - OLD.late, NEW.over_law - OLD.over_law, NEW.worked_days - OLD.worked_days, NEW.delivered - OLD.delivered, NEW.trips - OLD.trips, NEW.minutes - OLD.minutes, NEW.rated_1 - OLD.rated_1, NEW.rated_2 - OLD.rated_2, NEW.rated_3 - OLD.rated_3, NEW.rated_4 - OLD.rated_4, NEW.rated_5 - OLD.rated_5, NEW.complaints - OLD.complaints, NEW.complaints_answered - OLD.complaints_answered, NEW.complaints_heard - OLD.complaints_heard, NEW.complaints_resolved - OLD.complaints_resolved, NEW.orders - OLD.orders, NEW.orders_done - OLD.orders_done, NEW.orders_failed - OLD.orders_failed, NEW.orders_refused - OLD.orders_refused, NEW.orders_cancelled - OLD.orders_cancelled, NEW.orders_moved - OLD.orders_moved, NEW.orders_handed - OLD.orders_handed, NEW.orders_on_time - OLD.orders_on_time, NEW.in_preaudit - OLD.in_preaudit, NEW.in_correction - OLD.in_correction, NEW.in_collection - OLD.in_collection, NEW.in_reception - OLD.in_reception, NEW.in_decision - OLD.in_decision, NEW.in_result - OLD.in_result, NEW.in_delivery - OLD.in_delivery, NEW.orders_seconds - OLD.orders_seconds) ON CONFLICT (third, region, department, departments) DO UPDATE SET opened = figure_office_thirds.opened + excluded.opened, is_draft = figure_office_thirds.is_draft + excluded.is_draft, is_submitted = figure_office_thirds.is_submitted + excluded.is_submitted, is_in_review = figure_office_thirds.is_in_review + excluded.is_in_review, is_returned = figure_office_thirds.is_returned + excluded.is_returned, is_preaudit_passed = figure_office_thirds.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_office_thirds.is_collecting + excluded.is_collecting, is_received = figure_office_thirds.is_received + excluded.is_received, is_accepted = figure_office_thirds.is_accepted + excluded.is_accepted, is_processing = figure_office_thirds.is_processing + excluded.is_processing, is_approved = figure_office_thirds.is_approved + excluded.is_approved, is_refused = figure_office_thirds.is_refused + excluded.is_refused, is_concluded = figure_office_thirds.is_concluded + excluded.is_concluded, is_delivering = figure_office_thirds.is_delivering + excluded.is_delivering, is_delivered = figure_office_thirds.is_delivered + excluded.is_delivered, is_withdrawn = figure_office_thirds.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_office_thirds.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_office_thirds.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_office_thirds.is_aborted + excluded.is_aborted, submitted = figure_office_thirds.submitted + excluded.submitted, h00 = figure_office_thirds.h00 + excluded.h00, h01 = figure_office_thirds.h01 + excluded.h01, h02 = figure_office_thirds.h02 + excluded.h02, h03 = figure_office_thirds.h03 + excluded.h03, h04 = figure_office_thirds.h04 + excluded.h04, h05 = figure_office_thirds.h05 + excluded.h05, h06 = figure_office_thirds.h06 + excluded.h06, h07 = figure_office_thirds.h07 + excluded.h07, h08 = figure_office_thirds.h08 + excluded.h08, h09 = figure_office_thirds.h09 + excluded.h09, h10 = figure_office_thirds.h10 + excluded.h10, h11 = figure_office_thirds.h11 + excluded.h11, h12 = figure_office_thirds.h12 + excluded.h12, h13 = figure_office_thirds.h13 + excluded.h13, h14 = figure_office_thirds.h14 + excluded.h14, h15 = figure_office_thirds.h15 + excluded.h15, h16 = figure_office_thirds.h16 + excluded.h16, h17 = figure_office_thirds.h17 + excluded.h17, h18 = figure_office_thirds.h18 + excluded.h18, h19 = figure_office_thirds.h19 + excluded.h19, h20 = figure_office_thirds.h20 + excluded.h20, h21 = figure_office_thirds.h21 + excluded.h21, h22 = figure_office_thirds.h22 + excluded.h22, h23 = figure_office_thirds.h23 + excluded.h23, rounds_0 = figure_office_thirds.rounds_0 + excluded.rounds_0, rounds_1 = figure_office_thirds.rounds_1 + excluded.rounds_1, rounds_2 = figure_office_thirds.rounds_2 + excluded.rounds_2, rounds_3 = figure_office_thirds.rounds_3 + excluded.rounds_3, rounds = figure_office_thirds.rounds + excluded.rounds, papers = figure_office_thirds.papers + excluded.papers, accepted = figure_office_thirds.accepted + excluded.accepted, concluded = figure_office_thirds.concluded + excluded.concluded, approved = figure_office_thirds.approved + excluded.approved, late = figure_office_thirds.late + excluded.late, over_law = figure_office_thirds.over_law + excluded.over_law, worked_days = figure_office_thirds.worked_days + excluded.worked_days, delivered = figure_office_thirds.delivered + excluded.delivered, trips = figure_office_thirds.trips + excluded.trips, minutes = figure_office_thirds.minutes + excluded.minutes, rated_1 = figure_office_thirds.rated_1 + excluded.rated_1, rated_2 = figure_office_thirds.rated_2 + excluded.rated_2, rated_3 = figure_office_thirds.rated_3 + excluded.rated_3, rated_4 = figure_office_thirds.rated_4 + excluded.rated_4, rated_5 = figure_office_thirds.rated_5 + excluded.rated_5, complaints = figure_office_thirds.complaints + excluded.complaints, complaints_answered = figure_office_thirds.complaints_answered + excluded.complaints_answered, complaints_heard = figure_office_thirds.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_office_thirds.complaints_resolved + excluded.complaints_resolved, orders = figure_office_thirds.orders + excluded.orders, orders_done = figure_office_thirds.orders_done + excluded.orders_done, orders_failed = figure_office_thirds.orders_failed + excluded.orders_failed, orders_refused = figure_office_thirds.orders_refused + excluded.orders_refused, orders_cancelled = figure_office_thirds.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_office_thirds.orders_moved + excluded.orders_moved, orders_handed = figure_office_thirds.orders_handed + excluded.orders_handed, orders_on_time = figure_office_thirds.orders_on_time + excluded.orders_on_time, in_preaudit = figure_office_thirds.in_preaudit + excluded.in_preaudit, in_correction = figure_office_thirds.in_correction + excluded.in_correction, in_collection = figure_office_thirds.in_collection + excluded.in_collection, in_reception = figure_office_thirds.in_reception + excluded.in_reception, in_decision = figure_office_thirds.in_decision + excluded.in_decision, in_result = figure_office_thirds.in_result + excluded.in_result, in_delivery = figure_office_thirds.in_delivery + excluded.in_delivery, orders_seconds = figure_office_thirds.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_months_delete AFTER delete ON figure_months FOR EACH ROW BEGIN INSERT INTO figure_totals (weekday, region, department, departments, item_code, channel, partner, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (OLD.weekday, OLD.region, OLD.department, OLD.departments, OLD.item_code, OLD.channel, OLD.partner, -OLD.opened, -OLD.is_draft, -OLD.is_submitted, -OLD.is_in_review, -OLD.is_returned, -OLD.is_preaudit_passed, -OLD.is_collecting, -OLD.is_received, -OLD.is_accepted, -OLD.is_processing, -OLD.is_approved, -OLD.is_refused, -OLD.is_concluded, -OLD.is_delivering, -OLD.is_delivered, -OLD.is_withdrawn, -OLD.is_not_accepted, -OLD.is_correction_expired, -OLD.is_aborted, -OLD.submitted, -OLD.h00, -OLD.h01, -OLD.h02, -OLD.h03, -OLD.h04, -OLD.h05, -OLD.h06, -OLD.h07, -OLD.h08, -OLD.h09, -OLD.h10, -OLD.h11, -OLD.h12, -OLD.h13, -OLD.h14, -OLD.h15, -OLD.h16, -OLD.h17, -OLD.h18, -OLD.h19, -OLD.h20, -OLD.h21, -OLD.h22, -OLD.h23, -OLD.rounds_0, -OLD.rounds_1, -OLD.rounds_2, -OLD.rounds_3, -OLD.rounds, -OLD.papers, -OLD.accepted, -OLD.concluded, -OLD.approved, -OLD.late, -OLD.over_law, -OLD.worked_days, -OLD.delivered, -OLD.trips, -OLD.minutes, -OLD.rated_1, -OLD.rated_2, -OLD.rated_3, -OLD.rated_4, -OLD.rated_5, -OLD.complaints, -OLD.complaints_answered, -OLD.complaints_heard, -OLD.complaints_resolved, -OLD.orders, -OLD.orders_done, -OLD.orders_failed, -OLD.orders_refused, -OLD.orders_cancelled, -OLD.orders_moved, -OLD.orders_handed, -OLD.orders_on_time, -OLD.in_preaudit, -OLD.in_correction, -OLD.in_collection, -OLD.in_reception, -OLD.in_decision, -OLD.in_result, -OLD.in_delivery, -OLD.orders_seconds) ON CONFLICT (weekday, region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_totals.opened + excluded.opened, is_draft = figure_totals.is_draft + excluded.is_draft, is_submitted = figure_totals.is_submitted + excluded.is_submitted, is_in_review = figure_totals.is_in_review + excluded.is_in_review, is_returned = figure_totals.is_returned + excluded.is_returned, is_preaudit_passed = figure_totals.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_totals.is_collecting + excluded.is_collecting, is_received = figure_totals.is_received + excluded.is_received, is_accepted = figure_totals.is_accepted + excluded.is_accepted, is_processing = figure_totals.is_processing + excluded.is_processing, is_approved = figure_totals.is_approved + excluded.is_approved, is_refused = figure_totals.is_refused + excluded.is_refused, is_concluded = figure_totals.is_concluded + excluded.is_concluded, is_delivering = figure_totals.is_delivering + excluded.is_delivering, is_delivered = figure_totals.is_delivered + excluded.is_delivered, is_withdrawn = figure_totals.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_totals.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_totals.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_totals.is_aborted + excluded.is_aborted, submitted = figure_totals.submitted + excluded.submitted, h00 = figure_totals.h00 + excluded.h00, h01 = figure_totals.h01 + excluded.h01, h02 = figure_totals.h02 + excluded.h02, h03 = figure_totals.h03 + excluded.h03, h04 = figure_totals.h04 + excluded.h04, h05 = figure_totals.h05 + excluded.h05, h06 = figure_totals.h06 + excluded.h06, h07 = figure_totals.h07 + excluded.h07, h08 = figure_totals.h08 + excluded.h08, h09 = figure_totals.h09 + excluded.h09, h10 = figure_totals.h10 + excluded.h10, h11 = figure_totals.h11 + excluded.h11, h12 = figure_totals.h12 + excluded.h12, h13 = figure_totals.h13 + excluded.h13, h14 = figure_totals.h14 + excluded.h14, h15 = figure_totals.h15 + excluded.h15, h16 = figure_totals.h16 + excluded.h16, h17 = figure_totals.h17 + excluded.h17, h18 = figure_totals.h18 + excluded.h18, h19 = figure_totals.h19 + excluded.h19, h20 = figure_totals.h20 + excluded.h20, h21 = figure_totals.h21 + excluded.h21, h22 = figure_totals.h22 + excluded.h22, h23 = figure_totals.h23 + excluded.h23, rounds_0 = figure_totals.rounds_0 + excluded.rounds_0, rounds_1 = figure_totals.rounds_1 + excluded.rounds_1, rounds_2 = figure_totals.rounds_2 + excluded.rounds_2, rounds_3 = figure_totals.rounds_3 + excluded.rounds_3, rounds = figure_totals.rounds + excluded.rounds, papers = figure_totals.papers + excluded.papers, accepted = figure_totals.accepted + excluded.accepted, concluded = figure_totals.concluded + excluded.concluded, approved = figure_totals.approved + excluded.approved, late = figure_totals.late + excluded.late, over_law = figure_totals.over_law + excluded.over_law, worked_days = figure_totals.worked_days + excluded.worked_days, delivered = figure_totals.delivered + excluded.delivered, trips = figure_totals.trips + excluded.trips, minutes = figure_totals.minutes + excluded.minutes, rated_1 = figure_totals.rated_1 + excluded.rated_1, rated_2 = figure_totals.rated_2 + excluded.rated_2, rated_3 = figure_totals.rated_3 + excluded.rated_3, rated_4 = figure_totals.rated_4 + excluded.rated_4, rated_5 = figure_totals.rated_5 + excluded.rated_5, complaints = figure_totals.complaints + excluded.complaints, complaints_answered = figure_totals.complaints_answered + excluded.complaints_answered, complaints_heard = figure_totals.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_totals.complaints_resolved + excluded.complaints_resolved, orders = figure_totals.orders + excluded.orders, orders_done = figure_totals.orders_done + excluded.orders_done, orders_failed = figure_totals.orders_failed + excluded.orders_failed, orders_refused = figure_totals.orders_refused + excluded.orders_refused, orders_cancelled = figure_totals.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_totals.orders_moved + excluded.orders_moved, orders_handed = figure_totals.orders_handed + excluded.orders_handed, orders_on_time = figure_totals.orders_on_time + excluded.orders_on_time, in_preaudit = figure_totals.in_preaudit + excluded.in_preaudit, in_correction = figure_totals.in_correction + excluded.in_correction, in_collection = figure_totals.in_collection + excluded.in_collection, in_reception = figure_totals.in_reception + excluded.in_reception, in_decision = figure_totals.in_decision + excluded.in_decision, in_result = figure_totals.in_result + excluded.in_result, in_delivery = figure_totals.in_delivery + excluded.in_delivery, orders_seconds = figure_totals.orders_seconds + excluded.orders_seconds; INSERT INTO figure_month_totals (month, region, department, departments, item_code, channel, partner, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (OLD.month, OLD.region, OLD.department, OLD.departments, OLD.item_code, OLD.channel, OLD.partner, -OLD.opened, -OLD.is_draft, -OLD.is_submitted, -OLD.is_in_review, -OLD.is_returned, -OLD.is_preaudit_passed, -OLD.is_collecting, -OLD.is_received, -OLD.is_accepted, -OLD.is_processing, -OLD.is_approved, -OLD.is_refused, -OLD.is_concluded, -OLD.is_delivering, -OLD.is_delivered, -OLD.is_withdrawn, -OLD.is_not_accepted, -OLD.is_correction_expired, -OLD.is_aborted, -OLD.submitted, -OLD.h00, -OLD.h01, -OLD.h02, -OLD.h03, -OLD.h04, -OLD.h05, -OLD.h06, -OLD.h07, -OLD.h08, -OLD.h09, -OLD.h10, -OLD.h11, -OLD.h12, -OLD.h13, -OLD.h14, -OLD.h15, -OLD.h16, -OLD.h17, -OLD.h18, -OLD.h19, -OLD.h20, -OLD.h21, -OLD.h22, -OLD.h23, -OLD.rounds_0, -OLD.rounds_1, -OLD.rounds_2, -OLD.rounds_3, -OLD.rounds, -OLD.papers, -OLD.accepted, -OLD.concluded, -OLD.approved, -OLD.late, -OLD.over_law, -OLD.worked_days, -OLD.delivered, -OLD.trips, -OLD.minutes, -OLD.rated_1, -OLD.rated_2, -OLD.rated_3, -OLD.rated_4, -OLD.rated_5, -OLD.complaints, -OLD.complaints_answered, -OLD.complaints_heard, -OLD.complaints_resolved, -OLD.orders, -OLD.orders_done, -OLD.orders_failed, -OLD.orders_refused, -OLD.orders_cancelled, -OLD.orders_moved, -OLD.orders_handed, -OLD.orders_on_time, -OLD.in_preaudit, -OLD.in_correction, -OLD.in_collection, -OLD.in_reception, -OLD.in_decision, -OLD.in_result, -OLD.in_delivery, -OLD.orders_seconds) ON CONFLICT (month, region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_month_totals.opened + excluded.opened, is_draft = figure_month_totals.is_draft + excluded.is_draft, is_submitted = figure_month_totals.is_submitted + excluded.is_submitted, is_in_review = figure_month_totals.is_in_review + excluded.is_in_review, is_returned = figure_month_totals.is_returned + excluded.is_returned, is_preaudit_passed = figure_month_totals.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_month_totals.is_collecting + excluded.is_collecting, is_received = figure_month_totals.is_received + excluded.is_received, is_accepted = figure_month_totals.is_accepted + excluded.is_accepted, is_processing = figure_month_totals.is_processing + excluded.is_processing, is_approved = figure_month_totals.is_approved + excluded.is_approved, is_refused = figure_month_totals.is_refused + excluded.is_refused, is_concluded = figure_month_totals.is_concluded + excluded.is_concluded, is_delivering = figure_month_totals.is_delivering + excluded.is_delivering, is_delivered = figure_month_totals.is_delivered + excluded.is_delivered, is_withdrawn = figure_month_totals.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_month_totals.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_month_totals.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_month_totals.is_aborted + excluded.is_aborted, submitted = figure_month_totals.submitted + excluded.submitted, h00 = figure_month_totals.h00 + excluded.h00, h01 = figure_month_totals.h01 + excluded.h01, h02 = figure_month_totals.h02 + excluded.h02, h03 = figure_month_totals.h03 + excluded.h03, h04 = figure_month_totals.h04 + excluded.h04, h05 = figure_month_totals.h05 + excluded.h05, h06 = figure_month_totals.h06 + excluded.h06, h07 = figure_month_totals.h07 + excluded.h07, h08 = figure_month_totals.h08 + excluded.h08, h09 = figure_month_totals.h09 + excluded.h09, h10 = figure_month_totals.h10 + excluded.h10, h11 = figure_month_totals.h11 + excluded.h11, h12 = figure_month_totals.h12 + excluded.h12, h13 = figure_month_totals.h13 + excluded.h13, h14 = figure_month_totals.h14 + excluded.h14, h15 = figure_month_totals.h15 + excluded.h15, h16 = figure_month_totals.h16 + excluded.h16, h17 = figure_month_totals.h17 + excluded.h17, h18 = figure_month_totals.h18 + excluded.h18, h19 = figure_month_totals.h19 + excluded.h19, h20 = figure_month_totals.h20 + excluded.h20, h21 = figure_month_totals.h21 + excluded.h21, h22 = figure_month_totals.h22 + excluded.h22, h23 = figure_month_totals.h23 + excluded.h23, rounds_0 = figure_month_totals.rounds_0 + excluded.rounds_0, rounds_1 = figure_month_totals.rounds_1 + excluded.rounds_1, rounds_2 = figure_month_totals.rounds_2 + excluded.rounds_2, rounds_3 = figure_month_totals.rounds_3 + excluded.rounds_3, rounds = figure_month_totals.rounds + excluded.rounds, papers = figure_month_totals.papers + excluded.papers, accepted = figure_month_totals.accepted + excluded.accepted, concluded = figure_month_totals.concluded + excluded.concluded, approved = figure_month_totals.approved + excluded.approved, late = figure_month_totals.late + excluded.late, over_law = figure_month_totals.over_law + excluded.over_law, worked_days = figure_month_totals.worked_days + excluded.worked_days, delivered = figure_month_totals.delivered + excluded.delivered, trips = figure_month_totals.trips + excluded.trips, minutes = figure_month_totals.minutes + excluded.minutes, rated_1 = figure_month_totals.rated_1 + excluded.rated_1, rated_2 = figure_month_totals.rated_2 + excluded.rated_2, rated_3 = figure_month_totals.rated_3 + excluded.rated_3, rated_4 = figure_month_totals.rated_4 + excluded.rated_4, rated_5 = figure_month_totals.rated_5 + excluded.rated_5, complaints = figure_month_totals.complaints + excluded.complaints, complaints_answered = figure_month_totals.complaints_answered + excluded.complaints_answered, complaints_heard = figure_month_totals.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_month_totals.complaints_resolved + excluded.complaints_resolved, orders = figure_month_totals.orders + excluded.orders, orders_done = figure_month_totals.orders_done + excluded.orders_done, orders_failed = figure_month_totals.orders_failed + excluded.orders_failed, orders_refused = figure_month_totals.orders_refused + excluded.orders_refused, orders_cancelled = figure_month_totals.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_month_totals.orders_moved + excluded.orders_moved, orders_handed = figure_month_totals.orders_handed + excluded.orders_handed, orders_on_time = figure_month_totals.orders_on_time + excluded.orders_on_time, in_preaudit = figure_month_totals.in_preaudit + excluded.in_preaudit, in_correction = figure_month_totals.in_correction + excluded.in_correction, in_collection = figure_month_totals.in_collection + excluded.in_collection, in_reception = figure_month_totals.in_reception + excluded.in_reception, in_decision = figure_month_totals.in_decision + excluded.in_decision, in_result = figure_month_totals.in_result + excluded.in_result, in_delivery = figure_month_totals.in_delivery + excluded.in_delivery, orders_seconds = figure_month_totals.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_months_delete_offices AFTER delete ON figure_months FOR EACH ROW WHEN (OLD.partner = '') BEGIN INSERT INTO figure_office_months (month, region, department, departments, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (OLD.month, OLD.region, OLD.department, OLD.departments, -OLD.opened, -OLD.is_draft, -OLD.is_submitted, -OLD.is_in_review, -OLD.is_returned, -OLD.is_preaudit_passed, -OLD.is_collecting, -OLD.is_received, -OLD.is_accepted, -OLD.is_processing, -OLD.is_approved, -OLD.is_refused, -OLD.is_concluded, -OLD.is_delivering, -OLD.is_delivered, -OLD.is_withdrawn, -OLD.is_not_accepted, -OLD.is_correction_expired, -OLD.is_aborted, -OLD.submitted, -OLD.h00, -OLD.h01, -OLD.h02, -OLD.h03, -OLD.h04, -OLD.h05, -OLD.h06, -OLD.h07, -OLD.h08, -OLD.h09, -OLD.h10, -OLD.h11, -OLD.h12, -OLD.h13, -OLD.h14, -OLD.h15, -OLD.h16, -OLD.h17, -OLD.h18, -OLD.h19, -OLD.h20, -OLD.h21, -OLD.h22, -OLD.h23, -OLD.rounds_0, -OLD.rounds_1, -OLD.rounds_2, -OLD.rounds_3, -OLD.rounds, -OLD.papers, -OLD.accepted, -OLD.concluded, -OLD.approved, -OLD.late, -OLD.over_law, -OLD.worked_days, -OLD.delivered, -OLD.trips, -OLD.minutes, -OLD.rated_1, -OLD.rated_2, -OLD.rated_3, -OLD.rated_4, -OLD.rated_5, -OLD.complaints, -OLD.complaints_answered, -OLD.complaints_heard, -OLD.complaints_resolved, -OLD.orders, -OLD.orders_done, -OLD.orders_failed, -OLD.orders_refused, -OLD.orders_cancelled, -OLD.orders_moved, -OLD.orders_handed, -OLD.orders_on_time, -OLD.in_preaudit, -OLD.in_correction, -OLD.in_collection, -OLD.in_reception, -OLD.in_decision, -OLD.in_result, -OLD.in_delivery, -OLD.orders_seconds) ON CONFLICT (month, region, department, departments) DO UPDATE SET opened = figure_office_months.opened + excluded.opened, is_draft = figure_office_months.is_draft + excluded.is_draft, is_submitted = figure_office_months.is_submitted + excluded.is_submitted, is_in_review = figure_office_months.is_in_review + excluded.is_in_review, is_returned = figure_office_months.is_returned + excluded.is_returned, is_preaudit_passed = figure_office_months.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_office_months.is_collecting + excluded.is_collecting, is_received = figure_office_months.is_received + excluded.is_received, is_accepted = figure_office_months.is_accepted + excluded.is_accepted, is_processing = figure_office_months.is_processing + excluded.is_processing, is_approved = figure_office_months.is_approved + excluded.is_approved, is_refused = figure_office_months.is_refused + excluded.is_refused, is_concluded = figure_office_months.is_concluded + excluded.is_concluded, is_delivering = figure_office_months.is_delivering + excluded.is_delivering, is_delivered = figure_office_months.is_delivered + excluded.is_delivered, is_withdrawn = figure_office_months.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_office_months.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_office_months.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_office_months.is_aborted + excluded.is_aborted, submitted = figure_office_months.submitted + excluded.submitted, h00 = figure_office_months.h00 + excluded.h00, h01 = figure_office_months.h01 + excluded.h01, h02 = figure_office_months.h02 + excluded.h02, h03 = figure_office_months.h03 + excluded.h03, h04 = figure_office_months.h04 + excluded.h04, h05 = figure_office_months.h05 + excluded.h05, h06 = figure_office_months.h06 + excluded.h06, h07 = figure_office_months.h07 + excluded.h07, h08 = figure_office_months.h08 + excluded.h08, h09 = figure_office_months.h09 + excluded.h09, h10 = figure_office_months.h10 + excluded.h10, h11 = figure_office_months.h11 + excluded.h11, h12 = figure_office_months.h12 + excluded.h12, h13 = figure_office_months.h13 + excluded.h13, h14 = figure_office_months.h14 + excluded.h14, h15 = figure_office_months.h15 + excluded.h15, h16 = figure_office_months.h16 + excluded.h16, h17 = figure_office_months.h17 + excluded.h17, h18 = figure_office_months.h18 + excluded.h18, h19 = figure_office_months.h19 + excluded.h19, h20 = figure_office_months.h20 + excluded.h20, h21 = figure_office_months.h21 + excluded.h21, h22 = figure_office_months.h22 + excluded.h22, h23 = figure_office_months.h23 + excluded.h23, rounds_0 = figure_office_months.rounds_0 + excluded.rounds_0, rounds_1 = figure_office_months.rounds_1 + excluded.rounds_1, rounds_2 = figure_office_months.rounds_2 + excluded.rounds_2, rounds_3 = figure_office_months.rounds_3 + excluded.rounds_3, rounds = figure_office_months.rounds + excluded.rounds, papers = figure_office_months.papers + excluded.papers, accepted = figure_office_months.accepted + excluded.accepted, concluded = figure_office_months.concluded + excluded.concluded, approved = figure_office_months.approved + excluded.approved, late = figure_office_months.late + excluded.late, over_law = figure_office_months.over_law + excluded.over_law, worked_days = figure_office_months.worked_days + excluded.worked_days, delivered = figure_office_months.delivered + excluded.delivered, trips = figure_office_months.trips + excluded.trips, minutes = figure_office_months.minutes + excluded.minutes, rated_1 = figure_office_months.rated_1 + excluded.rated_1, rated_2 = figure_office_months.rated_2 + excluded.rated_2, rated_3 = figure_office_months.rated_3 + excluded.rated_3, rated_4 = figure_office_months.rated_4 + excluded.rated_4, rated_5 = figure_office_months.rated_5 + excluded.rated_5, complaints = figure_office_months.complaints + excluded.complaints, complaints_answered = figure_office_months.complaints_answered + excluded.complaints_answered, complaints_heard = figure_office_months.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_office_months.complaints_resolved + excluded.complaints_resolved, orders = figure_office_months.orders + excluded.orders, orders_done = figure_office_months.orders_done + excluded.orders_done, orders_failed = figure_office_months.orders_failed + excluded.orders_failed, orders_refused = figure_office_months.orders_refused + excluded.orders_refused, orders_cancelled = figure_office_months.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_office_months.orders_moved + excluded.orders_moved, orders_handed = figure_office_months.orders_handed + excluded.orders_handed, orders_on_time = figure_office_months.orders_on_time + excluded.orders_on_time, in_preaudit = figure_office_months.in_preaudit + excluded.in_preaudit, in_correction = figure_office_months.in_correction + excluded.in_correction, in_collection = figure_office_months.in_collection + excluded.in_collection, in_reception = figure_office_months.in_reception + excluded.in_reception, in_decision = figure_office_months.in_decision + excluded.in_decision, in_result = figure_office_months.in_result + excluded.in_result, in_delivery = figure_office_months.in_delivery + excluded.in_delivery, orders_seconds = figure_office_months.orders_seconds + excluded.orders_seconds; INSERT INTO figure_office_hours (month, weekday, region, department, departments, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23) VALUES (OLD.month, OLD.weekday, OLD.region, OLD.department, OLD.departments, -OLD.h00, -OLD.h01, -OLD.h02, -OLD.h03, -OLD.h04, -OLD.h05, -OLD.h06, -OLD.h07, -OLD.h08, -OLD.h09, -OLD.h10, -OLD.h11, -OLD.h12, -OLD.h13, -OLD.h14, -OLD.h15, -OLD.h16, -OLD.h17, -OLD.h18, -OLD.h19, -OLD.h20, -OLD.h21, -OLD.h22, -OLD.h23) ON CONFLICT (month, weekday, region, department, departments) DO UPDATE SET h00 = figure_office_hours.h00 + excluded.h00, h01 = figure_office_hours.h01 + excluded.h01, h02 = figure_office_hours.h02 + excluded.h02, h03 = figure_office_hours.h03 + excluded.h03, h04 = figure_office_hours.h04 + excluded.h04, h05 = figure_office_hours.h05 + excluded.h05, h06 = figure_office_hours.h06 + excluded.h06, h07 = figure_office_hours.h07 + excluded.h07, h08 = figure_office_hours.h08 + excluded.h08, h09 = figure_office_hours.h09 + excluded.h09, h10 = figure_office_hours.h10 + excluded.h10, h11 = figure_office_hours.h11 + excluded.h11, h12 = figure_office_hours.h12 + excluded.h12, h13 = figure_office_hours.h13 + excluded.h13, h14 = figure_office_hours.h14 + excluded.h14, h15 = figure_office_hours.h15 + excluded.h15, h16 = figure_office_hours.h16 + excluded.h16, h17 = figure_office_hours.h17 + excluded.h17, h18 = figure_office_hours.h18 + excluded.h18, h19 = figure_office_hours.h19 + excluded.h19, h20 = figure_office_hours.h20 + excluded.h20, h21 = figure_office_hours.h21 + excluded.h21, h22 = figure_office_hours.h22 + excluded.h22, h23 = figure_office_hours.h23 + excluded.h23; END;
CREATE TRIGGER figure_months_delete_sums AFTER delete ON figure_months FOR EACH ROW  BEGIN INSERT INTO figure_sums (region, department, departments, item_code, channel, partner, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (OLD.region, OLD.department, OLD.departments, OLD.item_code, OLD.channel, OLD.partner, -OLD.opened, -OLD.is_draft, -OLD.is_submitted, -OLD.is_in_review, -OLD.is_returned, -OLD.is_preaudit_passed, -OLD.is_collecting, -OLD.is_received, -OLD.is_accepted, -OLD.is_processing, -OLD.is_approved, -OLD.is_refused, -OLD.is_concluded, -OLD.is_delivering, -OLD.is_delivered, -OLD.is_withdrawn, -OLD.is_not_accepted, -OLD.is_correction_expired, -OLD.is_aborted, -OLD.submitted, -OLD.h00, -OLD.h01, -OLD.h02, -OLD.h03, -OLD.h04, -OLD.h05, -OLD.h06, -OLD.h07, -OLD.h08, -OLD.h09, -OLD.h10, -OLD.h11, -OLD.h12, -OLD.h13, -OLD.h14, -OLD.h15, -OLD.h16, -OLD.h17, -OLD.h18, -OLD.h19, -OLD.h20, -OLD.h21, -OLD.h22, -OLD.h23, -OLD.rounds_0, -OLD.rounds_1, -OLD.rounds_2, -OLD.rounds_3, -OLD.rounds, -OLD.papers, -OLD.accepted, -OLD.concluded, -OLD.approved, -OLD.late, -OLD.over_law, -OLD.worked_days, -OLD.delivered, -OLD.trips, -OLD.minutes, -OLD.rated_1, -OLD.rated_2, -OLD.rated_3, -OLD.rated_4, -OLD.rated_5, -OLD.complaints, -OLD.complaints_answered, -OLD.complaints_heard, -OLD.complaints_resolved, -OLD.orders, -OLD.orders_done, -OLD.orders_failed, -OLD.orders_refused, -OLD.orders_cancelled, -OLD.orders_moved, -OLD.orders_handed, -OLD.orders_on_time, -OLD.in_preaudit, -OLD.in_correction, -OLD.in_collection, -OLD.in_reception, -OLD.in_decision, -OLD.in_result, -OLD.in_delivery, -OLD.orders_seconds) ON CONFLICT (region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_sums.opened + excluded.opened, is_draft = figure_sums.is_draft + excluded.is_draft, is_submitted = figure_sums.is_submitted + excluded.is_submitted, is_in_review = figure_sums.is_in_review + excluded.is_in_review, is_returned = figure_sums.is_returned + excluded.is_returned, is_preaudit_passed = figure_sums.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_sums.is_collecting + excluded.is_collecting, is_received = figure_sums.is_received + excluded.is_received, is_accepted = figure_sums.is_accepted + excluded.is_accepted, is_processing = figure_sums.is_processing + excluded.is_processing, is_approved = figure_sums.is_approved + excluded.is_approved, is_refused = figure_sums.is_refused + excluded.is_refused, is_concluded = figure_sums.is_concluded + excluded.is_concluded, is_delivering = figure_sums.is_delivering + excluded.is_delivering, is_delivered = figure_sums.is_delivered + excluded.is_delivered, is_withdrawn = figure_sums.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_sums.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_sums.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_sums.is_aborted + excluded.is_aborted, submitted = figure_sums.submitted + excluded.submitted, h00 = figure_sums.h00 + excluded.h00, h01 = figure_sums.h01 + excluded.h01, h02 = figure_sums.h02 + excluded.h02, h03 = figure_sums.h03 + excluded.h03, h04 = figure_sums.h04 + excluded.h04, h05 = figure_sums.h05 + excluded.h05, h06 = figure_sums.h06 + excluded.h06, h07 = figure_sums.h07 + excluded.h07, h08 = figure_sums.h08 + excluded.h08, h09 = figure_sums.h09 + excluded.h09, h10 = figure_sums.h10 + excluded.h10, h11 = figure_sums.h11 + excluded.h11, h12 = figure_sums.h12 + excluded.h12, h13 = figure_sums.h13 + excluded.h13, h14 = figure_sums.h14 + excluded.h14, h15 = figure_sums.h15 + excluded.h15, h16 = figure_sums.h16 + excluded.h16, h17 = figure_sums.h17 + excluded.h17, h18 = figure_sums.h18 + excluded.h18, h19 = figure_sums.h19 + excluded.h19, h20 = figure_sums.h20 + excluded.h20, h21 = figure_sums.h21 + excluded.h21, h22 = figure_sums.h22 + excluded.h22, h23 = figure_sums.h23 + excluded.h23, rounds_0 = figure_sums.rounds_0 + excluded.rounds_0, rounds_1 = figure_sums.rounds_1 + excluded.rounds_1, rounds_2 = figure_sums.rounds_2 + excluded.rounds_2, rounds_3 = figure_sums.rounds_3 + excluded.rounds_3, rounds = figure_sums.rounds + excluded.rounds, papers = figure_sums.papers + excluded.papers, accepted = figure_sums.accepted + excluded.accepted, concluded = figure_sums.concluded + excluded.concluded, approved = figure_sums.approved + excluded.approved, late = figure_sums.late + excluded.late, over_law = figure_sums.over_law + excluded.over_law, worked_days = figure_sums.worked_days + excluded.worked_days, delivered = figure_sums.delivered + excluded.delivered, trips = figure_sums.trips + excluded.trips, minutes = figure_sums.minutes + excluded.minutes, rated_1 = figure_sums.rated_1 + excluded.rated_1, rated_2 = figure_sums.rated_2 + excluded.rated_2, rated_3 = figure_sums.rated_3 + excluded.rated_3, rated_4 = figure_sums.rated_4 + excluded.rated_4, rated_5 = figure_sums.rated_5 + excluded.rated_5, complaints = figure_sums.complaints + excluded.complaints, complaints_answered = figure_sums.complaints_answered + excluded.complaints_answered, complaints_heard = figure_sums.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_sums.complaints_resolved + excluded.complaints_resolved, orders = figure_sums.orders + excluded.orders, orders_done = figure_sums.orders_done + excluded.orders_done, orders_failed = figure_sums.orders_failed + excluded.orders_failed, orders_refused = figure_sums.orders_refused + excluded.orders_refused, orders_cancelled = figure_sums.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_sums.orders_moved + excluded.orders_moved, orders_handed = figure_sums.orders_handed + excluded.orders_handed, orders_on_time = figure_sums.orders_on_time + excluded.orders_on_time, in_preaudit = figure_sums.in_preaudit + excluded.in_preaudit, in_correction = figure_sums.in_correction + excluded.in_correction, in_collection = figure_sums.in_collection + excluded.in_collection, in_reception = figure_sums.in_reception + excluded.in_reception, in_decision = figure_sums.in_decision + excluded.in_decision, in_result = figure_sums.in_result + excluded.in_result, in_delivery = figure_sums.in_delivery + excluded.in_delivery, orders_seconds = figure_sums.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_months_delete_wide AFTER delete ON figure_months FOR EACH ROW  BEGIN INSERT INTO figure_years (year, region, department, departments, item_code, channel, partner, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (CAST(strftime('%Y', OLD.month) AS integer), OLD.region, OLD.department, OLD.departments, OLD.item_code, OLD.channel, OLD.partner, -OLD.opened, -OLD.is_draft, -OLD.is_submitted, -OLD.is_in_review, -OLD.is_returned, -OLD.is_preaudit_passed, -OLD.is_collecting, -OLD.is_received, -OLD.is_accepted, -OLD.is_processing, -OLD.is_approved, -OLD.is_refused, -OLD.is_concluded, -OLD.is_delivering, -OLD.is_delivered, -OLD.is_withdrawn, -OLD.is_not_accepted, -OLD.is_correction_expired, -OLD.is_aborted, -OLD.submitted, -OLD.h00, -OLD.h01, -OLD.h02, -OLD.h03, -OLD.h04, -OLD.h05, -OLD.h06, -OLD.h07, -OLD.h08, -OLD.h09, -OLD.h10, -OLD.h11, -OLD.h12, -OLD.h13, -OLD.h14, -OLD.h15, -OLD.h16, -OLD.h17, -OLD.h18, -OLD.h19, -OLD.h20, -OLD.h21, -OLD.h22, -OLD.h23, -OLD.rounds_0, -OLD.rounds_1, -OLD.rounds_2, -OLD.rounds_3, -OLD.rounds, -OLD.papers, -OLD.accepted, -OLD.concluded, -OLD.approved, -OLD.late, -OLD.over_law, -OLD.worked_days, -OLD.delivered, -OLD.trips, -OLD.minutes, -OLD.rated_1, -OLD.rated_2, -OLD.rated_3, -OLD.rated_4, -OLD.rated_5, -OLD.complaints, -OLD.complaints_answered, -OLD.complaints_heard, -OLD.complaints_resolved, -OLD.orders, -OLD.orders_done, -OLD.orders_failed, -OLD.orders_refused, -OLD.orders_cancelled, -OLD.orders_moved, -OLD.orders_handed, -OLD.orders_on_time, -OLD.in_preaudit, -OLD.in_correction, -OLD.in_collection, -OLD.in_reception, -OLD.in_decision, -OLD.in_result, -OLD.in_delivery, -OLD.orders_seconds) ON CONFLICT (year, region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_years.opened + excluded.opened, is_draft = figure_years.is_draft + excluded.is_draft, is_submitted = figure_years.is_submitted + excluded.is_submitted, is_in_review = figure_years.is_in_review + excluded.is_in_review, is_returned = figure_years.is_returned + excluded.is_returned, is_preaudit_passed = figure_years.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_years.is_collecting + excluded.is_collecting, is_received = figure_years.is_received + excluded.is_received, is_accepted = figure_years.is_accepted + excluded.is_accepted, is_processing = figure_years.is_processing + excluded.is_processing, is_approved = figure_years.is_approved + excluded.is_approved, is_refused = figure_years.is_refused + excluded.is_refused, is_concluded = figure_years.is_concluded + excluded.is_concluded, is_delivering = figure_years.is_delivering + excluded.is_delivering, is_delivered = figure_years.is_delivered + excluded.is_delivered, is_withdrawn = figure_years.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_years.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_years.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_years.is_aborted + excluded.is_aborted, submitted = figure_years.submitted + excluded.submitted, h00 = figure_years.h00 + excluded.h00, h01 = figure_years.h01 + excluded.h01, h02 = figure_years.h02 + excluded.h02, h03 = figure_years.h03 + excluded.h03, h04 = figure_years.h04 + excluded.h04, h05 = figure_years.h05 + excluded.h05, h06 = figure_years.h06 + excluded.h06, h07 = figure_years.h07 + excluded.h07, h08 = figure_years.h08 + excluded.h08, h09 = figure_years.h09 + excluded.h09, h10 = figure_years.h10 + excluded.h10, h11 = figure_years.h11 + excluded.h11, h12 = figure_years.h12 + excluded.h12, h13 = figure_years.h13 + excluded.h13, h14 = figure_years.h14 + excluded.h14, h15 = figure_years.h15 + excluded.h15, h16 = figure_years.h16 + excluded.h16, h17 = figure_years.h17 + excluded.h17, h18 = figure_years.h18 + excluded.h18, h19 = figure_years.h19 + excluded.h19, h20 = figure_years.h20 + excluded.h20, h21 = figure_years.h21 + excluded.h21, h22 = figure_years.h22 + excluded.h22, h23 = figure_years.h23 + excluded.h23, rounds_0 = figure_years.rounds_0 + excluded.rounds_0, rounds_1 = figure_years.rounds_1 + excluded.rounds_1, rounds_2 = figure_years.rounds_2 + excluded.rounds_2, rounds_3 = figure_years.rounds_3 + excluded.rounds_3, rounds = figure_years.rounds + excluded.rounds, papers = figure_years.papers + excluded.papers, accepted = figure_years.accepted + excluded.accepted, concluded = figure_years.concluded + excluded.concluded, approved = figure_years.approved + excluded.approved, late = figure_years.late + excluded.late, over_law = figure_years.over_law + excluded.over_law, worked_days = figure_years.worked_days + excluded.worked_days, delivered = figure_years.delivered + excluded.delivered, trips = figure_years.trips + excluded.trips, minutes = figure_years.minutes + excluded.minutes, rated_1 = figure_years.rated_1 + excluded.rated_1, rated_2 = figure_years.rated_2 + excluded.rated_2, rated_3 = figure_years.rated_3 + excluded.rated_3, rated_4 = figure_years.rated_4 + excluded.rated_4, rated_5 = figure_years.rated_5 + excluded.rated_5, complaints = figure_years.complaints + excluded.complaints, complaints_answered = figure_years.complaints_answered + excluded.complaints_answered, complaints_heard = figure_years.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_years.complaints_resolved + excluded.complaints_resolved, orders = figure_years.orders + excluded.orders, orders_done = figure_years.orders_done + excluded.orders_done, orders_failed = figure_years.orders_failed + excluded.orders_failed, orders_refused = figure_years.orders_refused + excluded.orders_refused, orders_cancelled = figure_years.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_years.orders_moved + excluded.orders_moved, orders_handed = figure_years.orders_handed + excluded.orders_handed, orders_on_time = figure_years.orders_on_time + excluded.orders_on_time, in_preaudit = figure_years.in_preaudit + excluded.in_preaudit, in_correction = figure_years.in_correction + excluded.in_correction, in_collection = figure_years.in_collection + excluded.in_collection, in_reception = figure_years.in_reception + excluded.in_reception, in_decision = figure_years.in_decision + excluded.in_decision, in_result = figure_years.in_result + excluded.in_result, in_delivery = figure_years.in_delivery + excluded.in_delivery, orders_seconds = figure_years.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_months_delete_wide_offices AFTER delete ON figure_months FOR EACH ROW WHEN (OLD.partner = '') BEGIN INSERT INTO figure_office_years (year, region, department, departments, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (CAST(strftime('%Y', OLD.month) AS integer), OLD.region, OLD.department, OLD.departments, -OLD.opened, -OLD.is_draft, -OLD.is_submitted, -OLD.is_in_review, -OLD.is_returned, -OLD.is_preaudit_passed, -OLD.is_collecting, -OLD.is_received, -OLD.is_accepted, -OLD.is_processing, -OLD.is_approved, -OLD.is_refused, -OLD.is_concluded, -OLD.is_delivering, -OLD.is_delivered, -OLD.is_withdrawn, -OLD.is_not_accepted, -OLD.is_correction_expired, -OLD.is_aborted, -OLD.submitted, -OLD.h00, -OLD.h01, -OLD.h02, -OLD.h03, -OLD.h04, -OLD.h05, -OLD.h06, -OLD.h07, -OLD.h08, -OLD.h09, -OLD.h10, -OLD.h11, -OLD.h12, -OLD.h13, -OLD.h14, -OLD.h15, -OLD.h16, -OLD.h17, -OLD.h18, -OLD.h19, -OLD.h20, -OLD.h21, -OLD.h22, -OLD.h23, -OLD.rounds_0, -OLD.rounds_1, -OLD.rounds_2, -OLD.rounds_3, -OLD.rounds, -OLD.papers, -OLD.accepted, -OLD.concluded, -OLD.approved, -OLD.late, -OLD.over_law, -OLD.worked_days, -OLD.delivered, -OLD.trips, -OLD.minutes, -OLD.rated_1, -OLD.rated_2, -OLD.rated_3, -OLD.rated_4, -OLD.rated_5, -OLD.complaints, -OLD.complaints_answered, -OLD.complaints_heard, -OLD.complaints_resolved, -OLD.orders, -OLD.orders_done, -OLD.orders_failed, -OLD.orders_refused, -OLD.orders_cancelled, -OLD.orders_moved, -OLD.orders_handed, -OLD.orders_on_time, -OLD.in_preaudit, -OLD.in_correction, -OLD.in_collection, -OLD.in_reception, -OLD.in_decision, -OLD.in_result, -OLD.in_delivery, -OLD.orders_seconds) ON CONFLICT (year, region, department, departments) DO UPDATE SET opened = figure_office_years.opened + excluded.opened, is_draft = figure_office_years.is_draft + excluded.is_draft, is_submitted = figure_office_years.is_submitted + excluded.is_submitted, is_in_review = figure_office_years.is_in_review + excluded.is_in_review, is_returned = figure_office_years.is_returned + excluded.is_returned, is_preaudit_passed = figure_office_years.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_office_years.is_collecting + excluded.is_collecting, is_received = figure_office_years.is_received + excluded.is_received, is_accepted = figure_office_years.is_accepted + excluded.is_accepted, is_processing = figure_office_years.is_processing + excluded.is_processing, is_approved = figure_office_years.is_approved + excluded.is_approved, is_refused = figure_office_years.is_refused + excluded.is_refused, is_concluded = figure_office_years.is_concluded + excluded.is_concluded, is_delivering = figure_office_years.is_delivering + excluded.is_delivering, is_delivered = figure_office_years.is_delivered + excluded.is_delivered, is_withdrawn = figure_office_years.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_office_years.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_office_years.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_office_years.is_aborted + excluded.is_aborted, submitted = figure_office_years.submitted + excluded.submitted, h00 = figure_office_years.h00 + excluded.h00, h01 = figure_office_years.h01 + excluded.h01, h02 = figure_office_years.h02 + excluded.h02, h03 = figure_office_years.h03 + excluded.h03, h04 = figure_office_years.h04 + excluded.h04, h05 = figure_office_years.h05 + excluded.h05, h06 = figure_office_years.h06 + excluded.h06, h07 = figure_office_years.h07 + excluded.h07, h08 = figure_office_years.h08 + excluded.h08, h09 = figure_office_years.h09 + excluded.h09, h10 = figure_office_years.h10 + excluded.h10, h11 = figure_office_years.h11 + excluded.h11, h12 = figure_office_years.h12 + excluded.h12, h13 = figure_office_years.h13 + excluded.h13, h14 = figure_office_years.h14 + excluded.h14, h15 = figure_office_years.h15 + excluded.h15, h16 = figure_office_years.h16 + excluded.h16, h17 = figure_office_years.h17 + excluded.h17, h18 = figure_office_years.h18 + excluded.h18, h19 = figure_office_years.h19 + excluded.h19, h20 = figure_office_years.h20 + excluded.h20, h21 = figure_office_years.h21 + excluded.h21, h22 = figure_office_years.h22 + excluded.h22, h23 = figure_office_years.h23 + excluded.h23, rounds_0 = figure_office_years.rounds_0 + excluded.rounds_0, rounds_1 = figure_office_years.rounds_1 + excluded.rounds_1, rounds_2 = figure_office_years.rounds_2 + excluded.rounds_2, rounds_3 = figure_office_years.rounds_3 + excluded.rounds_3, rounds = figure_office_years.rounds + excluded.rounds, papers = figure_office_years.papers + excluded.papers, accepted = figure_office_years.accepted + excluded.accepted, concluded = figure_office_years.concluded + excluded.concluded, approved = figure_office_years.approved + excluded.approved, late = figure_office_years.late + excluded.late, over_law = figure_office_years.over_law + excluded.over_law, worked_days = figure_office_years.worked_days + excluded.worked_days, delivered = figure_office_years.delivered + excluded.delivered, trips = figure_office_years.trips + excluded.trips, minutes = figure_office_years.minutes + excluded.minutes, rated_1 = figure_office_years.rated_1 + excluded.rated_1, rated_2 = figure_office_years.rated_2 + excluded.rated_2, rated_3 = figure_office_years.rated_3 + excluded.rated_3, rated_4 = figure_office_years.rated_4 + excluded.rated_4, rated_5 = figure_office_years.rated_5 + excluded.rated_5, complaints = figure_office_years.complaints + excluded.complaints, complaints_answered = figure_office_years.complaints_answered + excluded.complaints_answered, complaints_heard = figure_office_years.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_office_years.complaints_resolved + excluded.complaints_resolved, orders = figure_office_years.orders + excluded.orders, orders_done = figure_office_years.orders_done + excluded.orders_done, orders_failed = figure_office_years.orders_failed + excluded.orders_failed, orders_refused = figure_office_years.orders_refused + excluded.orders_refused, orders_cancelled = figure_office_years.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_office_years.orders_moved + excluded.orders_moved, orders_handed = figure_office_years.orders_handed + excluded.orders_handed, orders_on_time = figure_office_years.orders_on_time + excluded.orders_on_time, in_preaudit = figure_office_years.in_preaudit + excluded.in_preaudit, in_correction = figure_office_years.in_correction + excluded.in_correction, in_collection = figure_office_years.in_collection + excluded.in_collection, in_reception = figure_office_years.in_reception + excluded.in_reception, in_decision = figure_office_years.in_decision + excluded.in_decision, in_result = figure_office_years.in_result + excluded.in_result, in_delivery = figure_office_years.in_delivery + excluded.in_delivery, orders_seconds = figure_office_years.orders_seconds + excluded.orders_seconds; INSERT INTO figure_office_year_hours (year, weekday, region, department, departments, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23) VALUES (CAST(strftime('%Y', OLD.month) AS integer), OLD.weekday, OLD.region, OLD.department, OLD.departments, -OLD.h00, -OLD.h01, -OLD.h02, -OLD.h03, -OLD.h04, -OLD.h05, -OLD.h06, -OLD.h07, -OLD.h08, -OLD.h09, -OLD.h10, -OLD.h11, -OLD.h12, -OLD.h13, -OLD.h14, -OLD.h15, -OLD.h16, -OLD.h17, -OLD.h18, -OLD.h19, -OLD.h20, -OLD.h21, -OLD.h22, -OLD.h23) ON CONFLICT (year, weekday, region, department, departments) DO UPDATE SET h00 = figure_office_year_hours.h00 + excluded.h00, h01 = figure_office_year_hours.h01 + excluded.h01, h02 = figure_office_year_hours.h02 + excluded.h02, h03 = figure_office_year_hours.h03 + excluded.h03, h04 = figure_office_year_hours.h04 + excluded.h04, h05 = figure_office_year_hours.h05 + excluded.h05, h06 = figure_office_year_hours.h06 + excluded.h06, h07 = figure_office_year_hours.h07 + excluded.h07, h08 = figure_office_year_hours.h08 + excluded.h08, h09 = figure_office_year_hours.h09 + excluded.h09, h10 = figure_office_year_hours.h10 + excluded.h10, h11 = figure_office_year_hours.h11 + excluded.h11, h12 = figure_office_year_hours.h12 + excluded.h12, h13 = figure_office_year_hours.h13 + excluded.h13, h14 = figure_office_year_hours.h14 + excluded.h14, h15 = figure_office_year_hours.h15 + excluded.h15, h16 = figure_office_year_hours.h16 + excluded.h16, h17 = figure_office_year_hours.h17 + excluded.h17, h18 = figure_office_year_hours.h18 + excluded.h18, h19 = figure_office_year_hours.h19 + excluded.h19, h20 = figure_office_year_hours.h20 + excluded.h20, h21 = figure_office_year_hours.h21 + excluded.h21, h22 = figure_office_year_hours.h22 + excluded.h22, h23 = figure_office_year_hours.h23 + excluded.h23; END;
CREATE TRIGGER figure_months_insert AFTER insert ON figure_months FOR EACH ROW BEGIN INSERT INTO figure_totals (weekday, region, department, departments, item_code, channel, partner, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (NEW.weekday, NEW.region, NEW.department, NEW.departments, NEW.item_code, NEW.channel, NEW.partner, NEW.opened, NEW.is_draft, NEW.is_submitted, NEW.is_in_review, NEW.is_returned, NEW.is_preaudit_passed, NEW.is_collecting, NEW.is_received, NEW.is_accepted, NEW.is_processing, NEW.is_approved, NEW.is_refused, NEW.is_concluded, NEW.is_delivering, NEW.is_delivered, NEW.is_withdrawn, NEW.is_not_accepted, NEW.is_correction_expired, NEW.is_aborted, NEW.submitted, NEW.h00, NEW.h01, NEW.h02, NEW.h03, NEW.h04, NEW.h05, NEW.h06, NEW.h07, NEW.h08, NEW.h09, NEW.h10, NEW.h11, NEW.h12, NEW.h13, NEW.h14, NEW.h15, NEW.h16, NEW.h17, NEW.h18, NEW.h19, NEW.h20, NEW.h21, NEW.h22, NEW.h23, NEW.rounds_0, NEW.rounds_1, NEW.rounds_2, NEW.rounds_3, NEW.rounds, NEW.papers, NEW.accepted, NEW.concluded, NEW.approved, NEW.late, NEW.over_law, NEW.worked_days, NEW.delivered, NEW.trips, NEW.minutes, NEW.rated_1, NEW.rated_2, NEW.rated_3, NEW.rated_4, NEW.rated_5, NEW.complaints, NEW.complaints_answered, NEW.complaints_heard, NEW.complaints_resolved, NEW.orders, NEW.orders_done, NEW.orders_failed, NEW.orders_refused, NEW.orders_cancelled, NEW.orders_moved, NEW.orders_handed, NEW.orders_on_time, NEW.in_preaudit, NEW.in_correction, NEW.in_collection, NEW.in_reception, NEW.in_decision, NEW.in_result, NEW.in_delivery, NEW.orders_seconds) ON CONFLICT (weekday, region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_totals.opened + excluded.opened, is_draft = figure_totals.is_draft + excluded.is_draft, is_submitted = figure_totals.is_submitted + excluded.is_submitted, is_in_review = figure_totals.is_in_review + excluded.is_in_review, is_returned = figure_totals.is_returned + excluded.is_returned, is_preaudit_passed = figure_totals.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_totals.is_collecting + excluded.is_collecting, is_received = figure_totals.is_received + excluded.is_received, is_accepted = figure_totals.is_accepted + excluded.is_accepted, is_processing = figure_totals.is_processing + excluded.is_processing, is_approved = figure_totals.is_approved + excluded.is_approved, is_refused = figure_totals.is_refused + excluded.is_refused, is_concluded = figure_totals.is_concluded + excluded.is_concluded, is_delivering = figure_totals.is_delivering + excluded.is_delivering, is_delivered = figure_totals.is_delivered + excluded.is_delivered, is_withdrawn = figure_totals.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_totals.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_totals.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_totals.is_aborted + excluded.is_aborted, submitted = figure_totals.submitted + excluded.submitted, h00 = figure_totals.h00 + excluded.h00, h01 = figure_totals.h01 + excluded.h01, h02 = figure_totals.h02 + excluded.h02, h03 = figure_totals.h03 + excluded.h03, h04 = figure_totals.h04 + excluded.h04, h05 = figure_totals.h05 + excluded.h05, h06 = figure_totals.h06 + excluded.h06, h07 = figure_totals.h07 + excluded.h07, h08 = figure_totals.h08 + excluded.h08, h09 = figure_totals.h09 + excluded.h09, h10 = figure_totals.h10 + excluded.h10, h11 = figure_totals.h11 + excluded.h11, h12 = figure_totals.h12 + excluded.h12, h13 = figure_totals.h13 + excluded.h13, h14 = figure_totals.h14 + excluded.h14, h15 = figure_totals.h15 + excluded.h15, h16 = figure_totals.h16 + excluded.h16, h17 = figure_totals.h17 + excluded.h17, h18 = figure_totals.h18 + excluded.h18, h19 = figure_totals.h19 + excluded.h19, h20 = figure_totals.h20 + excluded.h20, h21 = figure_totals.h21 + excluded.h21, h22 = figure_totals.h22 + excluded.h22, h23 = figure_totals.h23 + excluded.h23, rounds_0 = figure_totals.rounds_0 + excluded.rounds_0, rounds_1 = figure_totals.rounds_1 + excluded.rounds_1, rounds_2 = figure_totals.rounds_2 + excluded.rounds_2, rounds_3 = figure_totals.rounds_3 + excluded.rounds_3, rounds = figure_totals.rounds + excluded.rounds, papers = figure_totals.papers + excluded.papers, accepted = figure_totals.accepted + excluded.accepted, concluded = figure_totals.concluded + excluded.concluded, approved = figure_totals.approved + excluded.approved, late = figure_totals.late + excluded.late, over_law = figure_totals.over_law + excluded.over_law, worked_days = figure_totals.worked_days + excluded.worked_days, delivered = figure_totals.delivered + excluded.delivered, trips = figure_totals.trips + excluded.trips, minutes = figure_totals.minutes + excluded.minutes, rated_1 = figure_totals.rated_1 + excluded.rated_1, rated_2 = figure_totals.rated_2 + excluded.rated_2, rated_3 = figure_totals.rated_3 + excluded.rated_3, rated_4 = figure_totals.rated_4 + excluded.rated_4, rated_5 = figure_totals.rated_5 + excluded.rated_5, complaints = figure_totals.complaints + excluded.complaints, complaints_answered = figure_totals.complaints_answered + excluded.complaints_answered, complaints_heard = figure_totals.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_totals.complaints_resolved + excluded.complaints_resolved, orders = figure_totals.orders + excluded.orders, orders_done = figure_totals.orders_done + excluded.orders_done, orders_failed = figure_totals.orders_failed + excluded.orders_failed, orders_refused = figure_totals.orders_refused + excluded.orders_refused, orders_cancelled = figure_totals.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_totals.orders_moved + excluded.orders_moved, orders_handed = figure_totals.orders_handed + excluded.orders_handed, orders_on_time = figure_totals.orders_on_time + excluded.orders_on_time, in_preaudit = figure_totals.in_preaudit + excluded.in_preaudit, in_correction = figure_totals.in_correction + excluded.in_correction, in_collection = figure_totals.in_collection + excluded.in_collection, in_reception = figure_totals.in_reception + excluded.in_reception, in_decision = figure_totals.in_decision + excluded.in_decision, in_result = figure_totals.in_result + excluded.in_result, in_delivery = figure_totals.in_delivery + excluded.in_delivery, orders_seconds = figure_totals.orders_seconds + excluded.orders_seconds; INSERT INTO figure_month_totals (month, region, department, departments, item_code, channel, partner, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (NEW.month, NEW.region, NEW.department, NEW.departments, NEW.item_code, NEW.channel, NEW.partner, NEW.opened, NEW.is_draft, NEW.is_submitted, NEW.is_in_review, NEW.is_returned, NEW.is_preaudit_passed, NEW.is_collecting, NEW.is_received, NEW.is_accepted, NEW.is_processing, NEW.is_approved, NEW.is_refused, NEW.is_concluded, NEW.is_delivering, NEW.is_delivered, NEW.is_withdrawn, NEW.is_not_accepted, NEW.is_correction_expired, NEW.is_aborted, NEW.submitted, NEW.h00, NEW.h01, NEW.h02, NEW.h03, NEW.h04, NEW.h05, NEW.h06, NEW.h07, NEW.h08, NEW.h09, NEW.h10, NEW.h11, NEW.h12, NEW.h13, NEW.h14, NEW.h15, NEW.h16, NEW.h17, NEW.h18, NEW.h19, NEW.h20, NEW.h21, NEW.h22, NEW.h23, NEW.rounds_0, NEW.rounds_1, NEW.rounds_2, NEW.rounds_3, NEW.rounds, NEW.papers, NEW.accepted, NEW.concluded, NEW.approved, NEW.late, NEW.over_law, NEW.worked_days, NEW.delivered, NEW.trips, NEW.minutes, NEW.rated_1, NEW.rated_2, NEW.rated_3, NEW.rated_4, NEW.rated_5, NEW.complaints, NEW.complaints_answered, NEW.complaints_heard, NEW.complaints_resolved, NEW.orders, NEW.orders_done, NEW.orders_failed, NEW.orders_refused, NEW.orders_cancelled, NEW.orders_moved, NEW.orders_handed, NEW.orders_on_time, NEW.in_preaudit, NEW.in_correction, NEW.in_collection, NEW.in_reception, NEW.in_decision, NEW.in_result, NEW.in_delivery, NEW.orders_seconds) ON CONFLICT (month, region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_month_totals.opened + excluded.opened, is_draft = figure_month_totals.is_draft + excluded.is_draft, is_submitted = figure_month_totals.is_submitted + excluded.is_submitted, is_in_review = figure_month_totals.is_in_review + excluded.is_in_review, is_returned = figure_month_totals.is_returned + excluded.is_returned, is_preaudit_passed = figure_month_totals.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_month_totals.is_collecting + excluded.is_collecting, is_received = figure_month_totals.is_received + excluded.is_received, is_accepted = figure_month_totals.is_accepted + excluded.is_accepted, is_processing = figure_month_totals.is_processing + excluded.is_processing, is_approved = figure_month_totals.is_approved + excluded.is_approved, is_refused = figure_month_totals.is_refused + excluded.is_refused, is_concluded = figure_month_totals.is_concluded + excluded.is_concluded, is_delivering = figure_month_totals.is_delivering + excluded.is_delivering, is_delivered = figure_month_totals.is_delivered + excluded.is_delivered, is_withdrawn = figure_month_totals.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_month_totals.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_month_totals.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_month_totals.is_aborted + excluded.is_aborted, submitted = figure_month_totals.submitted + excluded.submitted, h00 = figure_month_totals.h00 + excluded.h00, h01 = figure_month_totals.h01 + excluded.h01, h02 = figure_month_totals.h02 + excluded.h02, h03 = figure_month_totals.h03 + excluded.h03, h04 = figure_month_totals.h04 + excluded.h04, h05 = figure_month_totals.h05 + excluded.h05, h06 = figure_month_totals.h06 + excluded.h06, h07 = figure_month_totals.h07 + excluded.h07, h08 = figure_month_totals.h08 + excluded.h08, h09 = figure_month_totals.h09 + excluded.h09, h10 = figure_month_totals.h10 + excluded.h10, h11 = figure_month_totals.h11 + excluded.h11, h12 = figure_month_totals.h12 + excluded.h12, h13 = figure_month_totals.h13 + excluded.h13, h14 = figure_month_totals.h14 + excluded.h14, h15 = figure_month_totals.h15 + excluded.h15, h16 = figure_month_totals.h16 + excluded.h16, h17 = figure_month_totals.h17 + excluded.h17, h18 = figure_month_totals.h18 + excluded.h18, h19 = figure_month_totals.h19 + excluded.h19, h20 = figure_month_totals.h20 + excluded.h20, h21 = figure_month_totals.h21 + excluded.h21, h22 = figure_month_totals.h22 + excluded.h22, h23 = figure_month_totals.h23 + excluded.h23, rounds_0 = figure_month_totals.rounds_0 + excluded.rounds_0, rounds_1 = figure_month_totals.rounds_1 + excluded.rounds_1, rounds_2 = figure_month_totals.rounds_2 + excluded.rounds_2, rounds_3 = figure_month_totals.rounds_3 + excluded.rounds_3, rounds = figure_month_totals.rounds + excluded.rounds, papers = figure_month_totals.papers + excluded.papers, accepted = figure_month_totals.accepted + excluded.accepted, concluded = figure_month_totals.concluded + excluded.concluded, approved = figure_month_totals.approved + excluded.approved, late = figure_month_totals.late + excluded.late, over_law = figure_month_totals.over_law + excluded.over_law, worked_days = figure_month_totals.worked_days + excluded.worked_days, delivered = figure_month_totals.delivered + excluded.delivered, trips = figure_month_totals.trips + excluded.trips, minutes = figure_month_totals.minutes + excluded.minutes, rated_1 = figure_month_totals.rated_1 + excluded.rated_1, rated_2 = figure_month_totals.rated_2 + excluded.rated_2, rated_3 = figure_month_totals.rated_3 + excluded.rated_3, rated_4 = figure_month_totals.rated_4 + excluded.rated_4, rated_5 = figure_month_totals.rated_5 + excluded.rated_5, complaints = figure_month_totals.complaints + excluded.complaints, complaints_answered = figure_month_totals.complaints_answered + excluded.complaints_answered, complaints_heard = figure_month_totals.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_month_totals.complaints_resolved + excluded.complaints_resolved, orders = figure_month_totals.orders + excluded.orders, orders_done = figure_month_totals.orders_done + excluded.orders_done, orders_failed = figure_month_totals.orders_failed + excluded.orders_failed, orders_refused = figure_month_totals.orders_refused + excluded.orders_refused, orders_cancelled = figure_month_totals.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_month_totals.orders_moved + excluded.orders_moved, orders_handed = figure_month_totals.orders_handed + excluded.orders_handed, orders_on_time = figure_month_totals.orders_on_time + excluded.orders_on_time, in_preaudit = figure_month_totals.in_preaudit + excluded.in_preaudit, in_correction = figure_month_totals.in_correction + excluded.in_correction, in_collection = figure_month_totals.in_collection + excluded.in_collection, in_reception = figure_month_totals.in_reception + excluded.in_reception, in_decision = figure_month_totals.in_decision + excluded.in_decision, in_result = figure_month_totals.in_result + excluded.in_result, in_delivery = figure_month_totals.in_delivery + excluded.in_delivery, orders_seconds = figure_month_totals.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_months_insert_offices AFTER insert ON figure_months FOR EACH ROW WHEN (NEW.partner = '') BEGIN INSERT INTO figure_office_months (month, region, department, departments, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (NEW.month, NEW.region, NEW.department, NEW.departments, NEW.opened, NEW.is_draft, NEW.is_submitted, NEW.is_in_review, NEW.is_returned, NEW.is_preaudit_passed, NEW.is_collecting, NEW.is_received, NEW.is_accepted, NEW.is_processing, NEW.is_approved, NEW.is_refused, NEW.is_concluded, NEW.is_delivering, NEW.is_delivered, NEW.is_withdrawn, NEW.is_not_accepted, NEW.is_correction_expired, NEW.is_aborted, NEW.submitted, NEW.h00, NEW.h01, NEW.h02, NEW.h03, NEW.h04, NEW.h05, NEW.h06, NEW.h07, NEW.h08, NEW.h09, NEW.h10, NEW.h11, NEW.h12, NEW.h13, NEW.h14, NEW.h15, NEW.h16, NEW.h17, NEW.h18, NEW.h19, NEW.h20, NEW.h21, NEW.h22, NEW.h23, NEW.rounds_0, NEW.rounds_1, NEW.rounds_2, NEW.rounds_3, NEW.rounds, NEW.papers, NEW.accepted, NEW.concluded, NEW.approved, NEW.late, NEW.over_law, NEW.worked_days, NEW.delivered, NEW.trips, NEW.minutes, NEW.rated_1, NEW.rated_2, NEW.rated_3, NEW.rated_4, NEW.rated_5, NEW.complaints, NEW.complaints_answered, NEW.complaints_heard, NEW.complaints_resolved, NEW.orders, NEW.orders_done, NEW.orders_failed, NEW.orders_refused, NEW.orders_cancelled, NEW.orders_moved, NEW.orders_handed, NEW.orders_on_time, NEW.in_preaudit, NEW.in_correction, NEW.in_collection, NEW.in_reception, NEW.in_decision, NEW.in_result, NEW.in_delivery, NEW.orders_seconds) ON CONFLICT (month, region, department, departments) DO UPDATE SET opened = figure_office_months.opened + excluded.opened, is_draft = figure_office_months.is_draft + excluded.is_draft, is_submitted = figure_office_months.is_submitted + excluded.is_submitted, is_in_review = figure_office_months.is_in_review + excluded.is_in_review, is_returned = figure_office_months.is_returned + excluded.is_returned, is_preaudit_passed = figure_office_months.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_office_months.is_collecting + excluded.is_collecting, is_received = figure_office_months.is_received + excluded.is_received, is_accepted = figure_office_months.is_accepted + excluded.is_accepted, is_processing = figure_office_months.is_processing + excluded.is_processing, is_approved = figure_office_months.is_approved + excluded.is_approved, is_refused = figure_office_months.is_refused + excluded.is_refused, is_concluded = figure_office_months.is_concluded + excluded.is_concluded, is_delivering = figure_office_months.is_delivering + excluded.is_delivering, is_delivered = figure_office_months.is_delivered + excluded.is_delivered, is_withdrawn = figure_office_months.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_office_months.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_office_months.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_office_months.is_aborted + excluded.is_aborted, submitted = figure_office_months.submitted + excluded.submitted, h00 = figure_office_months.h00 + excluded.h00, h01 = figure_office_months.h01 + excluded.h01, h02 = figure_office_months.h02 + excluded.h02, h03 = figure_office_months.h03 + excluded.h03, h04 = figure_office_months.h04 + excluded.h04, h05 = figure_office_months.h05 + excluded.h05, h06 = figure_office_months.h06 + excluded.h06, h07 = figure_office_months.h07 + excluded.h07, h08 = figure_office_months.h08 + excluded.h08, h09 = figure_office_months.h09 + excluded.h09, h10 = figure_office_months.h10 + excluded.h10, h11 = figure_office_months.h11 + excluded.h11, h12 = figure_office_months.h12 + excluded.h12, h13 = figure_office_months.h13 + excluded.h13, h14 = figure_office_months.h14 + excluded.h14, h15 = figure_office_months.h15 + excluded.h15, h16 = figure_office_months.h16 + excluded.h16, h17 = figure_office_months.h17 + excluded.h17, h18 = figure_office_months.h18 + excluded.h18, h19 = figure_office_months.h19 + excluded.h19, h20 = figure_office_months.h20 + excluded.h20, h21 = figure_office_months.h21 + excluded.h21, h22 = figure_office_months.h22 + excluded.h22, h23 = figure_office_months.h23 + excluded.h23, rounds_0 = figure_office_months.rounds_0 + excluded.rounds_0, rounds_1 = figure_office_months.rounds_1 + excluded.rounds_1, rounds_2 = figure_office_months.rounds_2 + excluded.rounds_2, rounds_3 = figure_office_months.rounds_3 + excluded.rounds_3, rounds = figure_office_months.rounds + excluded.rounds, papers = figure_office_months.papers + excluded.papers, accepted = figure_office_months.accepted + excluded.accepted, concluded = figure_office_months.concluded + excluded.concluded, approved = figure_office_months.approved + excluded.approved, late = figure_office_months.late + excluded.late, over_law = figure_office_months.over_law + excluded.over_law, worked_days = figure_office_months.worked_days + excluded.worked_days, delivered = figure_office_months.delivered + excluded.delivered, trips = figure_office_months.trips + excluded.trips, minutes = figure_office_months.minutes + excluded.minutes, rated_1 = figure_office_months.rated_1 + excluded.rated_1, rated_2 = figure_office_months.rated_2 + excluded.rated_2, rated_3 = figure_office_months.rated_3 + excluded.rated_3, rated_4 = figure_office_months.rated_4 + excluded.rated_4, rated_5 = figure_office_months.rated_5 + excluded.rated_5, complaints = figure_office_months.complaints + excluded.complaints, complaints_answered = figure_office_months.complaints_answered + excluded.complaints_answered, complaints_heard = figure_office_months.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_office_months.complaints_resolved + excluded.complaints_resolved, orders = figure_office_months.orders + excluded.orders, orders_done = figure_office_months.orders_done + excluded.orders_done, orders_failed = figure_office_months.orders_failed + excluded.orders_failed, orders_refused = figure_office_months.orders_refused + excluded.orders_refused, orders_cancelled = figure_office_months.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_office_months.orders_moved + excluded.orders_moved, orders_handed = figure_office_months.orders_handed + excluded.orders_handed, orders_on_time = figure_office_months.orders_on_time + excluded.orders_on_time, in_preaudit = figure_office_months.in_preaudit + excluded.in_preaudit, in_correction = figure_office_months.in_correction + excluded.in_correction, in_collection = figure_office_months.in_collection + excluded.in_collection, in_reception = figure_office_months.in_reception + excluded.in_reception, in_decision = figure_office_months.in_decision + excluded.in_decision, in_result = figure_office_months.in_result + excluded.in_result, in_delivery = figure_office_months.in_delivery + excluded.in_delivery, orders_seconds = figure_office_months.orders_seconds + excluded.orders_seconds; INSERT INTO figure_office_hours (month, weekday, region, department, departments, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23) VALUES (NEW.month, NEW.weekday, NEW.region, NEW.department, NEW.departments, NEW.h00, NEW.h01, NEW.h02, NEW.h03, NEW.h04, NEW.h05, NEW.h06, NEW.h07, NEW.h08, NEW.h09, NEW.h10, NEW.h11, NEW.h12, NEW.h13, NEW.h14, NEW.h15, NEW.h16, NEW.h17, NEW.h18, NEW.h19, NEW.h20, NEW.h21, NEW.h22, NEW.h23) ON CONFLICT (month, weekday, region, department, departments) DO UPDATE SET h00 = figure_office_hours.h00 + excluded.h00, h01 = figure_office_hours.h01 + excluded.h01, h02 = figure_office_hours.h02 + excluded.h02, h03 = figure_office_hours.h03 + excluded.h03, h04 = figure_office_hours.h04 + excluded.h04, h05 = figure_office_hours.h05 + excluded.h05, h06 = figure_office_hours.h06 + excluded.h06, h07 = figure_office_hours.h07 + excluded.h07, h08 = figure_office_hours.h08 + excluded.h08, h09 = figure_office_hours.h09 + excluded.h09, h10 = figure_office_hours.h10 + excluded.h10, h11 = figure_office_hours.h11 + excluded.h11, h12 = figure_office_hours.h12 + excluded.h12, h13 = figure_office_hours.h13 + excluded.h13, h14 = figure_office_hours.h14 + excluded.h14, h15 = figure_office_hours.h15 + excluded.h15, h16 = figure_office_hours.h16 + excluded.h16, h17 = figure_office_hours.h17 + excluded.h17, h18 = figure_office_hours.h18 + excluded.h18, h19 = figure_office_hours.h19 + excluded.h19, h20 = figure_office_hours.h20 + excluded.h20, h21 = figure_office_hours.h21 + excluded.h21, h22 = figure_office_hours.h22 + excluded.h22, h23 = figure_office_hours.h23 + excluded.h23; END;
CREATE TRIGGER figure_months_insert_sums AFTER insert ON figure_months FOR EACH ROW  BEGIN INSERT INTO figure_sums (region, department, departments, item_code, channel, partner, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (NEW.region, NEW.department, NEW.departments, NEW.item_code, NEW.channel, NEW.partner, NEW.opened, NEW.is_draft, NEW.is_submitted, NEW.is_in_review, NEW.is_returned, NEW.is_preaudit_passed, NEW.is_collecting, NEW.is_received, NEW.is_accepted, NEW.is_processing, NEW.is_approved, NEW.is_refused, NEW.is_concluded, NEW.is_delivering, NEW.is_delivered, NEW.is_withdrawn, NEW.is_not_accepted, NEW.is_correction_expired, NEW.is_aborted, NEW.submitted, NEW.h00, NEW.h01, NEW.h02, NEW.h03, NEW.h04, NEW.h05, NEW.h06, NEW.h07, NEW.h08, NEW.h09, NEW.h10, NEW.h11, NEW.h12, NEW.h13, NEW.h14, NEW.h15, NEW.h16, NEW.h17, NEW.h18, NEW.h19, NEW.h20, NEW.h21, NEW.h22, NEW.h23, NEW.rounds_0, NEW.rounds_1, NEW.rounds_2, NEW.rounds_3, NEW.rounds, NEW.papers, NEW.accepted, NEW.concluded, NEW.approved, NEW.late, NEW.over_law, NEW.worked_days, NEW.delivered, NEW.trips, NEW.minutes, NEW.rated_1, NEW.rated_2, NEW.rated_3, NEW.rated_4, NEW.rated_5, NEW.complaints, NEW.complaints_answered, NEW.complaints_heard, NEW.complaints_resolved, NEW.orders, NEW.orders_done, NEW.orders_failed, NEW.orders_refused, NEW.orders_cancelled, NEW.orders_moved, NEW.orders_handed, NEW.orders_on_time, NEW.in_preaudit, NEW.in_correction, NEW.in_collection, NEW.in_reception, NEW.in_decision, NEW.in_result, NEW.in_delivery, NEW.orders_seconds) ON CONFLICT (region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_sums.opened + excluded.opened, is_draft = figure_sums.is_draft + excluded.is_draft, is_submitted = figure_sums.is_submitted + excluded.is_submitted, is_in_review = figure_sums.is_in_review + excluded.is_in_review, is_returned = figure_sums.is_returned + excluded.is_returned, is_preaudit_passed = figure_sums.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_sums.is_collecting + excluded.is_collecting, is_received = figure_sums.is_received + excluded.is_received, is_accepted = figure_sums.is_accepted + excluded.is_accepted, is_processing = figure_sums.is_processing + excluded.is_processing, is_approved = figure_sums.is_approved + excluded.is_approved, is_refused = figure_sums.is_refused + excluded.is_refused, is_concluded = figure_sums.is_concluded + excluded.is_concluded, is_delivering = figure_sums.is_delivering + excluded.is_delivering, is_delivered = figure_sums.is_delivered + excluded.is_delivered, is_withdrawn = figure_sums.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_sums.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_sums.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_sums.is_aborted + excluded.is_aborted, submitted = figure_sums.submitted + excluded.submitted, h00 = figure_sums.h00 + excluded.h00, h01 = figure_sums.h01 + excluded.h01, h02 = figure_sums.h02 + excluded.h02, h03 = figure_sums.h03 + excluded.h03, h04 = figure_sums.h04 + excluded.h04, h05 = figure_sums.h05 + excluded.h05, h06 = figure_sums.h06 + excluded.h06, h07 = figure_sums.h07 + excluded.h07, h08 = figure_sums.h08 + excluded.h08, h09 = figure_sums.h09 + excluded.h09, h10 = figure_sums.h10 + excluded.h10, h11 = figure_sums.h11 + excluded.h11, h12 = figure_sums.h12 + excluded.h12, h13 = figure_sums.h13 + excluded.h13, h14 = figure_sums.h14 + excluded.h14, h15 = figure_sums.h15 + excluded.h15, h16 = figure_sums.h16 + excluded.h16, h17 = figure_sums.h17 + excluded.h17, h18 = figure_sums.h18 + excluded.h18, h19 = figure_sums.h19 + excluded.h19, h20 = figure_sums.h20 + excluded.h20, h21 = figure_sums.h21 + excluded.h21, h22 = figure_sums.h22 + excluded.h22, h23 = figure_sums.h23 + excluded.h23, rounds_0 = figure_sums.rounds_0 + excluded.rounds_0, rounds_1 = figure_sums.rounds_1 + excluded.rounds_1, rounds_2 = figure_sums.rounds_2 + excluded.rounds_2, rounds_3 = figure_sums.rounds_3 + excluded.rounds_3, rounds = figure_sums.rounds + excluded.rounds, papers = figure_sums.papers + excluded.papers, accepted = figure_sums.accepted + excluded.accepted, concluded = figure_sums.concluded + excluded.concluded, approved = figure_sums.approved + excluded.approved, late = figure_sums.late + excluded.late, over_law = figure_sums.over_law + excluded.over_law, worked_days = figure_sums.worked_days + excluded.worked_days, delivered = figure_sums.delivered + excluded.delivered, trips = figure_sums.trips + excluded.trips, minutes = figure_sums.minutes + excluded.minutes, rated_1 = figure_sums.rated_1 + excluded.rated_1, rated_2 = figure_sums.rated_2 + excluded.rated_2, rated_3 = figure_sums.rated_3 + excluded.rated_3, rated_4 = figure_sums.rated_4 + excluded.rated_4, rated_5 = figure_sums.rated_5 + excluded.rated_5, complaints = figure_sums.complaints + excluded.complaints, complaints_answered = figure_sums.complaints_answered + excluded.complaints_answered, complaints_heard = figure_sums.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_sums.complaints_resolved + excluded.complaints_resolved, orders = figure_sums.orders + excluded.orders, orders_done = figure_sums.orders_done + excluded.orders_done, orders_failed = figure_sums.orders_failed + excluded.orders_failed, orders_refused = figure_sums.orders_refused + excluded.orders_refused, orders_cancelled = figure_sums.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_sums.orders_moved + excluded.orders_moved, orders_handed = figure_sums.orders_handed + excluded.orders_handed, orders_on_time = figure_sums.orders_on_time + excluded.orders_on_time, in_preaudit = figure_sums.in_preaudit + excluded.in_preaudit, in_correction = figure_sums.in_correction + excluded.in_correction, in_collection = figure_sums.in_collection + excluded.in_collection, in_reception = figure_sums.in_reception + excluded.in_reception, in_decision = figure_sums.in_decision + excluded.in_decision, in_result = figure_sums.in_result + excluded.in_result, in_delivery = figure_sums.in_delivery + excluded.in_delivery, orders_seconds = figure_sums.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_months_insert_wide AFTER insert ON figure_months FOR EACH ROW  BEGIN INSERT INTO figure_years (year, region, department, departments, item_code, channel, partner, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (CAST(strftime('%Y', NEW.month) AS integer), NEW.region, NEW.department, NEW.departments, NEW.item_code, NEW.channel, NEW.partner, NEW.opened, NEW.is_draft, NEW.is_submitted, NEW.is_in_review, NEW.is_returned, NEW.is_preaudit_passed, NEW.is_collecting, NEW.is_received, NEW.is_accepted, NEW.is_processing, NEW.is_approved, NEW.is_refused, NEW.is_concluded, NEW.is_delivering, NEW.is_delivered, NEW.is_withdrawn, NEW.is_not_accepted, NEW.is_correction_expired, NEW.is_aborted, NEW.submitted, NEW.h00, NEW.h01, NEW.h02, NEW.h03, NEW.h04, NEW.h05, NEW.h06, NEW.h07, NEW.h08, NEW.h09, NEW.h10, NEW.h11, NEW.h12, NEW.h13, NEW.h14, NEW.h15, NEW.h16, NEW.h17, NEW.h18, NEW.h19, NEW.h20, NEW.h21, NEW.h22, NEW.h23, NEW.rounds_0, NEW.rounds_1, NEW.rounds_2, NEW.rounds_3, NEW.rounds, NEW.papers, NEW.accepted, NEW.concluded, NEW.approved, NEW.late, NEW.over_law, NEW.worked_days, NEW.delivered, NEW.trips, NEW.minutes, NEW.rated_1, NEW.rated_2, NEW.rated_3, NEW.rated_4, NEW.rated_5, NEW.complaints, NEW.complaints_answered, NEW.complaints_heard, NEW.complaints_resolved, NEW.orders, NEW.orders_done, NEW.orders_failed, NEW.orders_refused, NEW.orders_cancelled, NEW.orders_moved, NEW.orders_handed, NEW.orders_on_time, NEW.in_preaudit, NEW.in_correction, NEW.in_collection, NEW.in_reception, NEW.in_decision, NEW.in_result, NEW.in_delivery, NEW.orders_seconds) ON CONFLICT (year, region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_years.opened + excluded.opened, is_draft = figure_years.is_draft + excluded.is_draft, is_submitted = figure_years.is_submitted + excluded.is_submitted, is_in_review = figure_years.is_in_review + excluded.is_in_review, is_returned = figure_years.is_returned + excluded.is_returned, is_preaudit_passed = figure_years.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_years.is_collecting + excluded.is_collecting, is_received = figure_years.is_received + excluded.is_received, is_accepted = figure_years.is_accepted + excluded.is_accepted, is_processing = figure_years.is_processing + excluded.is_processing, is_approved = figure_years.is_approved + excluded.is_approved, is_refused = figure_years.is_refused + excluded.is_refused, is_concluded = figure_years.is_concluded + excluded.is_concluded, is_delivering = figure_years.is_delivering + excluded.is_delivering, is_delivered = figure_years.is_delivered + excluded.is_delivered, is_withdrawn = figure_years.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_years.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_years.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_years.is_aborted + excluded.is_aborted, submitted = figure_years.submitted + excluded.submitted, h00 = figure_years.h00 + excluded.h00, h01 = figure_years.h01 + excluded.h01, h02 = figure_years.h02 + excluded.h02, h03 = figure_years.h03 + excluded.h03, h04 = figure_years.h04 + excluded.h04, h05 = figure_years.h05 + excluded.h05, h06 = figure_years.h06 + excluded.h06, h07 = figure_years.h07 + excluded.h07, h08 = figure_years.h08 + excluded.h08, h09 = figure_years.h09 + excluded.h09, h10 = figure_years.h10 + excluded.h10, h11 = figure_years.h11 + excluded.h11, h12 = figure_years.h12 + excluded.h12, h13 = figure_years.h13 + excluded.h13, h14 = figure_years.h14 + excluded.h14, h15 = figure_years.h15 + excluded.h15, h16 = figure_years.h16 + excluded.h16, h17 = figure_years.h17 + excluded.h17, h18 = figure_years.h18 + excluded.h18, h19 = figure_years.h19 + excluded.h19, h20 = figure_years.h20 + excluded.h20, h21 = figure_years.h21 + excluded.h21, h22 = figure_years.h22 + excluded.h22, h23 = figure_years.h23 + excluded.h23, rounds_0 = figure_years.rounds_0 + excluded.rounds_0, rounds_1 = figure_years.rounds_1 + excluded.rounds_1, rounds_2 = figure_years.rounds_2 + excluded.rounds_2, rounds_3 = figure_years.rounds_3 + excluded.rounds_3, rounds = figure_years.rounds + excluded.rounds, papers = figure_years.papers + excluded.papers, accepted = figure_years.accepted + excluded.accepted, concluded = figure_years.concluded + excluded.concluded, approved = figure_years.approved + excluded.approved, late = figure_years.late + excluded.late, over_law = figure_years.over_law + excluded.over_law, worked_days = figure_years.worked_days + excluded.worked_days, delivered = figure_years.delivered + excluded.delivered, trips = figure_years.trips + excluded.trips, minutes = figure_years.minutes + excluded.minutes, rated_1 = figure_years.rated_1 + excluded.rated_1, rated_2 = figure_years.rated_2 + excluded.rated_2, rated_3 = figure_years.rated_3 + excluded.rated_3, rated_4 = figure_years.rated_4 + excluded.rated_4, rated_5 = figure_years.rated_5 + excluded.rated_5, complaints = figure_years.complaints + excluded.complaints, complaints_answered = figure_years.complaints_answered + excluded.complaints_answered, complaints_heard = figure_years.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_years.complaints_resolved + excluded.complaints_resolved, orders = figure_years.orders + excluded.orders, orders_done = figure_years.orders_done + excluded.orders_done, orders_failed = figure_years.orders_failed + excluded.orders_failed, orders_refused = figure_years.orders_refused + excluded.orders_refused, orders_cancelled = figure_years.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_years.orders_moved + excluded.orders_moved, orders_handed = figure_years.orders_handed + excluded.orders_handed, orders_on_time = figure_years.orders_on_time + excluded.orders_on_time, in_preaudit = figure_years.in_preaudit + excluded.in_preaudit, in_correction = figure_years.in_correction + excluded.in_correction, in_collection = figure_years.in_collection + excluded.in_collection, in_reception = figure_years.in_reception + excluded.in_reception, in_decision = figure_years.in_decision + excluded.in_decision, in_result = figure_years.in_result + excluded.in_result, in_delivery = figure_years.in_delivery + excluded.in_delivery, orders_seconds = figure_years.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_months_insert_wide_offices AFTER insert ON figure_months FOR EACH ROW WHEN (NEW.partner = '') BEGIN INSERT INTO figure_office_years (year, region, department, departments, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (CAST(strftime('%Y', NEW.month) AS integer), NEW.region, NEW.department, NEW.departments, NEW.opened, NEW.is_draft, NEW.is_submitted, NEW.is_in_review, NEW.is_returned, NEW.is_preaudit_passed, NEW.is_collecting, NEW.is_received, NEW.is_accepted, NEW.is_processing, NEW.is_approved, NEW.is_refused, NEW.is_concluded, NEW.is_delivering, NEW.is_delivered, NEW.is_withdrawn, NEW.is_not_accepted, NEW.is_correction_expired, NEW.is_aborted, NEW.submitted, NEW.h00, NEW.h01, NEW.h02, NEW.h03, NEW.h04, NEW.h05, NEW.h06, NEW.h07, NEW.h08, NEW.h09, NEW.h10, NEW.h11, NEW.h12, NEW.h13, NEW.h14, NEW.h15, NEW.h16, NEW.h17, NEW.h18, NEW.h19, NEW.h20, NEW.h21, NEW.h22, NEW.h23, NEW.rounds_0, NEW.rounds_1, NEW.rounds_2, NEW.rounds_3, NEW.rounds, NEW.papers, NEW.accepted, NEW.concluded, NEW.approved, NEW.late, NEW.over_law, NEW.worked_days, NEW.delivered, NEW.trips, NEW.minutes, NEW.rated_1, NEW.rated_2, NEW.rated_3, NEW.rated_4, NEW.rated_5, NEW.complaints, NEW.complaints_answered, NEW.complaints_heard, NEW.complaints_resolved, NEW.orders, NEW.orders_done, NEW.orders_failed, NEW.orders_refused, NEW.orders_cancelled, NEW.orders_moved, NEW.orders_handed, NEW.orders_on_time, NEW.in_preaudit, NEW.in_correction, NEW.in_collection, NEW.in_reception, NEW.in_decision, NEW.in_result, NEW.in_delivery, NEW.orders_seconds) ON CONFLICT (year, region, department, departments) DO UPDATE SET opened = figure_office_years.opened + excluded.opened, is_draft = figure_office_years.is_draft + excluded.is_draft, is_submitted = figure_office_years.is_submitted + excluded.is_submitted, is_in_review = figure_office_years.is_in_review + excluded.is_in_review, is_returned = figure_office_years.is_returned + excluded.is_returned, is_preaudit_passed = figure_office_years.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_office_years.is_collecting + excluded.is_collecting, is_received = figure_office_years.is_received + excluded.is_received, is_accepted = figure_office_years.is_accepted + excluded.is_accepted, is_processing = figure_office_years.is_processing + excluded.is_processing, is_approved = figure_office_years.is_approved + excluded.is_approved, is_refused = figure_office_years.is_refused + excluded.is_refused, is_concluded = figure_office_years.is_concluded + excluded.is_concluded, is_delivering = figure_office_years.is_delivering + excluded.is_delivering, is_delivered = figure_office_years.is_delivered + excluded.is_delivered, is_withdrawn = figure_office_years.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_office_years.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_office_years.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_office_years.is_aborted + excluded.is_aborted, submitted = figure_office_years.submitted + excluded.submitted, h00 = figure_office_years.h00 + excluded.h00, h01 = figure_office_years.h01 + excluded.h01, h02 = figure_office_years.h02 + excluded.h02, h03 = figure_office_years.h03 + excluded.h03, h04 = figure_office_years.h04 + excluded.h04, h05 = figure_office_years.h05 + excluded.h05, h06 = figure_office_years.h06 + excluded.h06, h07 = figure_office_years.h07 + excluded.h07, h08 = figure_office_years.h08 + excluded.h08, h09 = figure_office_years.h09 + excluded.h09, h10 = figure_office_years.h10 + excluded.h10, h11 = figure_office_years.h11 + excluded.h11, h12 = figure_office_years.h12 + excluded.h12, h13 = figure_office_years.h13 + excluded.h13, h14 = figure_office_years.h14 + excluded.h14, h15 = figure_office_years.h15 + excluded.h15, h16 = figure_office_years.h16 + excluded.h16, h17 = figure_office_years.h17 + excluded.h17, h18 = figure_office_years.h18 + excluded.h18, h19 = figure_office_years.h19 + excluded.h19, h20 = figure_office_years.h20 + excluded.h20, h21 = figure_office_years.h21 + excluded.h21, h22 = figure_office_years.h22 + excluded.h22, h23 = figure_office_years.h23 + excluded.h23, rounds_0 = figure_office_years.rounds_0 + excluded.rounds_0, rounds_1 = figure_office_years.rounds_1 + excluded.rounds_1, rounds_2 = figure_office_years.rounds_2 + excluded.rounds_2, rounds_3 = figure_office_years.rounds_3 + excluded.rounds_3, rounds = figure_office_years.rounds + excluded.rounds, papers = figure_office_years.papers + excluded.papers, accepted = figure_office_years.accepted + excluded.accepted, concluded = figure_office_years.concluded + excluded.concluded, approved = figure_office_years.approved + excluded.approved, late = figure_office_years.late + excluded.late, over_law = figure_office_years.over_law + excluded.over_law, worked_days = figure_office_years.worked_days + excluded.worked_days, delivered = figure_office_years.delivered + excluded.delivered, trips = figure_office_years.trips + excluded.trips, minutes = figure_office_years.minutes + excluded.minutes, rated_1 = figure_office_years.rated_1 + excluded.rated_1, rated_2 = figure_office_years.rated_2 + excluded.rated_2, rated_3 = figure_office_years.rated_3 + excluded.rated_3, rated_4 = figure_office_years.rated_4 + excluded.rated_4, rated_5 = figure_office_years.rated_5 + excluded.rated_5, complaints = figure_office_years.complaints + excluded.complaints, complaints_answered = figure_office_years.complaints_answered + excluded.complaints_answered, complaints_heard = figure_office_years.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_office_years.complaints_resolved + excluded.complaints_resolved, orders = figure_office_years.orders + excluded.orders, orders_done = figure_office_years.orders_done + excluded.orders_done, orders_failed = figure_office_years.orders_failed + excluded.orders_failed, orders_refused = figure_office_years.orders_refused + excluded.orders_refused, orders_cancelled = figure_office_years.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_office_years.orders_moved + excluded.orders_moved, orders_handed = figure_office_years.orders_handed + excluded.orders_handed, orders_on_time = figure_office_years.orders_on_time + excluded.orders_on_time, in_preaudit = figure_office_years.in_preaudit + excluded.in_preaudit, in_correction = figure_office_years.in_correction + excluded.in_correction, in_collection = figure_office_years.in_collection + excluded.in_collection, in_reception = figure_office_years.in_reception + excluded.in_reception, in_decision = figure_office_years.in_decision + excluded.in_decision, in_result = figure_office_years.in_result + excluded.in_result, in_delivery = figure_office_years.in_delivery + excluded.in_delivery, orders_seconds = figure_office_years.orders_seconds + excluded.orders_seconds; INSERT INTO figure_office_year_hours (year, weekday, region, department, departments, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23) VALUES (CAST(strftime('%Y', NEW.month) AS integer), NEW.weekday, NEW.region, NEW.department, NEW.departments, NEW.h00, NEW.h01, NEW.h02, NEW.h03, NEW.h04, NEW.h05, NEW.h06, NEW.h07, NEW.h08, NEW.h09, NEW.h10, NEW.h11, NEW.h12, NEW.h13, NEW.h14, NEW.h15, NEW.h16, NEW.h17, NEW.h18, NEW.h19, NEW.h20, NEW.h21, NEW.h22, NEW.h23) ON CONFLICT (year, weekday, region, department, departments) DO UPDATE SET h00 = figure_office_year_hours.h00 + excluded.h00, h01 = figure_office_year_hours.h01 + excluded.h01, h02 = figure_office_year_hours.h02 + excluded.h02, h03 = figure_office_year_hours.h03 + excluded.h03, h04 = figure_office_year_hours.h04 + excluded.h04, h05 = figure_office_year_hours.h05 + excluded.h05, h06 = figure_office_year_hours.h06 + excluded.h06, h07 = figure_office_year_hours.h07 + excluded.h07, h08 = figure_office_year_hours.h08 + excluded.h08, h09 = figure_office_year_hours.h09 + excluded.h09, h10 = figure_office_year_hours.h10 + excluded.h10, h11 = figure_office_year_hours.h11 + excluded.h11, h12 = figure_office_year_hours.h12 + excluded.h12, h13 = figure_office_year_hours.h13 + excluded.h13, h14 = figure_office_year_hours.h14 + excluded.h14, h15 = figure_office_year_hours.h15 + excluded.h15, h16 = figure_office_year_hours.h16 + excluded.h16, h17 = figure_office_year_hours.h17 + excluded.h17, h18 = figure_office_year_hours.h18 + excluded.h18, h19 = figure_office_year_hours.h19 + excluded.h19, h20 = figure_office_year_hours.h20 + excluded.h20, h21 = figure_office_year_hours.h21 + excluded.h21, h22 = figure_office_year_hours.h22 + excluded.h22, h23 = figure_office_year_hours.h23 + excluded.h23; END;
CREATE TRIGGER figure_months_update AFTER update ON figure_months FOR EACH ROW BEGIN INSERT INTO figure_totals (weekday, region, department, departments, item_code, channel, partner, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (NEW.weekday, NEW.region, NEW.department, NEW.departments, NEW.item_code, NEW.channel, NEW.partner, NEW.opened - OLD.opened, NEW.is_draft - OLD.is_draft, NEW.is_submitted - OLD.is_submitted, NEW.is_in_review - OLD.is_in_review, NEW.is_returned - OLD.is_returned, NEW.is_preaudit_passed - OLD.is_preaudit_passed, NEW.is_collecting - OLD.is_collecting, NEW.is_received - OLD.is_received, NEW.is_accepted - OLD.is_accepted, NEW.is_processing - OLD.is_processing, NEW.is_approved - OLD.is_approved, NEW.is_refused - OLD.is_refused, NEW.is_concluded - OLD.is_concluded, NEW.is_delivering - OLD.is_delivering, NEW.is_delivered - OLD.is_delivered, NEW.is_withdrawn - OLD.is_withdrawn, NEW.is_not_accepted - OLD.is_not_accepted, NEW.is_correction_expired - OLD.is_correction_expired, NEW.is_aborted - OLD.is_aborted, NEW.submitted - OLD.submitted, NEW.h00 - OLD.h00, NEW.h01 - OLD.h01, NEW.h02 - OLD.h02, NEW.h03 - OLD.h03, NEW.h04 - OLD.h04, NEW.h05 - OLD.h05, NEW.h06 - OLD.h06, NEW.h07 - OLD.h07, NEW.h08 - OLD.h08, NEW.h09 - OLD.h09, NEW.h10 - OLD.h10, NEW.h11 - OLD.h11, NEW.h12 - OLD.h12, NEW.h13 - OLD.h13, NEW.h14 - OLD.h14, NEW.h15 - OLD.h15, NEW.h16 - OLD.h16, NEW.h17 - OLD.h17, NEW.h18 - OLD.h18, NEW.h19 - OLD.h19, NEW.h20 - OLD.h20, NEW.h21 - OLD.h21, NEW.h22 - OLD.h22, NEW.h23 - OLD.h23, NEW.rounds_0 - OLD.rounds_0, NEW.rounds_1 - OLD.rounds_1, NEW.rounds_2 - OLD.rounds_2, NEW.rounds_3 - OLD.rounds_3, NEW.rounds - OLD.rounds, NEW.papers - OLD.papers, NEW.accepted - OLD.accepted, NEW.concluded - OLD.concluded, NEW.approved - OLD.approved, NEW.late - OLD.late, NEW.over_law - OLD.over_law, NEW.worked_days - OLD.worked_days, NEW.delivered - OLD.delivered, NEW.trips - OLD.trips, NEW.minutes - OLD.minutes, NEW.rated_1 - OLD.rated_1, NEW.rated_2 - OLD.rated_2, NEW.rated_3 - OLD.rated_3, NEW.rated_4 - OLD.rated_4, NEW.rated_5 - OLD.rated_5, NEW.complaints - OLD.complaints, NEW.complaints_answered - OLD.complaints_answered, NEW.complaints_heard - OLD.complaints_heard, NEW.complaints_resolved - OLD.complaints_resolved, NEW.orders - OLD.orders, NEW.orders_done - OLD.orders_done, NEW.orders_failed - OLD.orders_failed, NEW.orders_refused - OLD.orders_refused, NEW.orders_cancelled - OLD.orders_cancelled, NEW.orders_moved - OLD.orders_moved, NEW.orders_handed - OLD.orders_handed, NEW.orders_on_time - OLD.orders_on_time, NEW.in_preaudit - OLD.in_preaudit, NEW.in_correction - OLD.in_correction, NEW.in_collection - OLD.in_collection, NEW.in_reception - OLD.in_reception, NEW.in_decision - OLD.in_decision, NEW.in_result - OLD.in_result, NEW.in_delivery - OLD.in_delivery, NEW.orders_seconds - OLD.orders_seconds) ON CONFLICT (weekday, region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_totals.opened + excluded.opened, is_draft = figure_totals.is_draft + excluded.is_draft, is_submitted = figure_totals.is_submitted + excluded.is_submitted, is_in_review = figure_totals.is_in_review + excluded.is_in_review, is_returned = figure_totals.is_returned + excluded.is_returned, is_preaudit_passed = figure_totals.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_totals.is_collecting + excluded.is_collecting, is_received = figure_totals.is_received + excluded.is_received, is_accepted = figure_totals.is_accepted + excluded.is_accepted, is_processing = figure_totals.is_processing + excluded.is_processing, is_approved = figure_totals.is_approved + excluded.is_approved, is_refused = figure_totals.is_refused + excluded.is_refused, is_concluded = figure_totals.is_concluded + excluded.is_concluded, is_delivering = figure_totals.is_delivering + excluded.is_delivering, is_delivered = figure_totals.is_delivered + excluded.is_delivered, is_withdrawn = figure_totals.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_totals.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_totals.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_totals.is_aborted + excluded.is_aborted, submitted = figure_totals.submitted + excluded.submitted, h00 = figure_totals.h00 + excluded.h00, h01 = figure_totals.h01 + excluded.h01, h02 = figure_totals.h02 + excluded.h02, h03 = figure_totals.h03 + excluded.h03, h04 = figure_totals.h04 + excluded.h04, h05 = figure_totals.h05 + excluded.h05, h06 = figure_totals.h06 + excluded.h06, h07 = figure_totals.h07 + excluded.h07, h08 = figure_totals.h08 + excluded.h08, h09 = figure_totals.h09 + excluded.h09, h10 = figure_totals.h10 + excluded.h10, h11 = figure_totals.h11 + excluded.h11, h12 = figure_totals.h12 + excluded.h12, h13 = figure_totals.h13 + excluded.h13, h14 = figure_totals.h14 + excluded.h14, h15 = figure_totals.h15 + excluded.h15, h16 = figure_totals.h16 + excluded.h16, h17 = figure_totals.h17 + excluded.h17, h18 = figure_totals.h18 + excluded.h18, h19 = figure_totals.h19 + excluded.h19, h20 = figure_totals.h20 + excluded.h20, h21 = figure_totals.h21 + excluded.h21, h22 = figure_totals.h22 + excluded.h22, h23 = figure_totals.h23 + excluded.h23, rounds_0 = figure_totals.rounds_0 + excluded.rounds_0, rounds_1 = figure_totals.rounds_1 + excluded.rounds_1, rounds_2 = figure_totals.rounds_2 + excluded.rounds_2, rounds_3 = figure_totals.rounds_3 + excluded.rounds_3, rounds = figure_totals.rounds + excluded.rounds, papers = figure_totals.papers + excluded.papers, accepted = figure_totals.accepted + excluded.accepted, concluded = figure_totals.concluded + excluded.concluded, approved = figure_totals.approved + excluded.approved, late = figure_totals.late + excluded.late, over_law = figure_totals.over_law + excluded.over_law, worked_days = figure_totals.worked_days + excluded.worked_days, delivered = figure_totals.delivered + excluded.delivered, trips = figure_totals.trips + excluded.trips, minutes = figure_totals.minutes + excluded.minutes, rated_1 = figure_totals.rated_1 + excluded.rated_1, rated_2 = figure_totals.rated_2 + excluded.rated_2, rated_3 = figure_totals.rated_3 + excluded.rated_3, rated_4 = figure_totals.rated_4 + excluded.rated_4, rated_5 = figure_totals.rated_5 + excluded.rated_5, complaints = figure_totals.complaints + excluded.complaints, complaints_answered = figure_totals.complaints_answered + excluded.complaints_answered, complaints_heard = figure_totals.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_totals.complaints_resolved + excluded.complaints_resolved, orders = figure_totals.orders + excluded.orders, orders_done = figure_totals.orders_done + excluded.orders_done, orders_failed = figure_totals.orders_failed + excluded.orders_failed, orders_refused = figure_totals.orders_refused + excluded.orders_refused, orders_cancelled = figure_totals.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_totals.orders_moved + excluded.orders_moved, orders_handed = figure_totals.orders_handed + excluded.orders_handed, orders_on_time = figure_totals.orders_on_time + excluded.orders_on_time, in_preaudit = figure_totals.in_preaudit + excluded.in_preaudit, in_correction = figure_totals.in_correction + excluded.in_correction, in_collection = figure_totals.in_collection + excluded.in_collection, in_reception = figure_totals.in_reception + excluded.in_reception, in_decision = figure_totals.in_decision + excluded.in_decision, in_result = figure_totals.in_result + excluded.in_result, in_delivery = figure_totals.in_delivery + excluded.in_delivery, orders_seconds = figure_totals.orders_seconds + excluded.orders_seconds; INSERT INTO figure_month_totals (month, region, department, departments, item_code, channel, partner, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (NEW.month, NEW.region, NEW.department, NEW.departments, NEW.item_code, NEW.channel, NEW.partner, NEW.opened - OLD.opened, NEW.is_draft - OLD.is_draft, NEW.is_submitted - OLD.is_submitted, NEW.is_in_review - OLD.is_in_review, NEW.is_returned - OLD.is_returned, NEW.is_preaudit_passed - OLD.is_preaudit_passed, NEW.is_collecting - OLD.is_collecting, NEW.is_received - OLD.is_received, NEW.is_accepted - OLD.is_accepted, NEW.is_processing - OLD.is_processing, NEW.is_approved - OLD.is_approved, NEW.is_refused - OLD.is_refused, NEW.is_concluded - OLD.is_concluded, NEW.is_delivering - OLD.is_delivering, NEW.is_delivered - OLD.is_delivered, NEW.is_withdrawn - OLD.is_withdrawn, NEW.is_not_accepted - OLD.is_not_accepted, NEW.is_correction_expired - OLD.is_correction_expired, NEW.is_aborted - OLD.is_aborted, NEW.submitted - OLD.submitted, NEW.h00 - OLD.h00, NEW.h01 - OLD.h01, NEW.h02 - OLD.h02, NEW.h03 - OLD.h03, NEW.h04 - OLD.h04, NEW.h05 - OLD.h05, NEW.h06 - OLD.h06, NEW.h07 - OLD.h07, NEW.h08 - OLD.h08, NEW.h09 - OLD.h09, NEW.h10 - OLD.h10, NEW.h11 - OLD.h11, NEW.h12 - OLD.h12, NEW.h13 - OLD.h13, NEW.h14 - OLD.h14, NEW.h15 - OLD.h15, NEW.h16 - OLD.h16, NEW.h17 - OLD.h17, NEW.h18 - OLD.h18, NEW.h19 - OLD.h19, NEW.h20 - OLD.h20, NEW.h21 - OLD.h21, NEW.h22 - OLD.h22, NEW.h23 - OLD.h23, NEW.rounds_0 - OLD.rounds_0, NEW.rounds_1 - OLD.rounds_1, NEW.rounds_2 - OLD.rounds_2, NEW.rounds_3 - OLD.rounds_3, NEW.rounds - OLD.rounds, NEW.papers - OLD.papers, NEW.accepted - OLD.accepted, NEW.concluded - OLD.concluded, NEW.approved - OLD.approved, NEW.late - OLD.late, NEW.over_law - OLD.over_law, NEW.worked_days - OLD.worked_days, NEW.delivered - OLD.delivered, NEW.trips - OLD.trips, NEW.minutes - OLD.minutes, NEW.rated_1 - OLD.rated_1, NEW.rated_2 - OLD.rated_2, NEW.rated_3 - OLD.rated_3, NEW.rated_4 - OLD.rated_4, NEW.rated_5 - OLD.rated_5, NEW.complaints - OLD.complaints, NEW.complaints_answered - OLD.complaints_answered, NEW.complaints_heard - OLD.complaints_heard, NEW.complaints_resolved - OLD.complaints_resolved, NEW.orders - OLD.orders, NEW.orders_done - OLD.orders_done, NEW.orders_failed - OLD.orders_failed, NEW.orders_refused - OLD.orders_refused, NEW.orders_cancelled - OLD.orders_cancelled, NEW.orders_moved - OLD.orders_moved, NEW.orders_handed - OLD.orders_handed, NEW.orders_on_time - OLD.orders_on_time, NEW.in_preaudit - OLD.in_preaudit, NEW.in_correction - OLD.in_correction, NEW.in_collection - OLD.in_collection, NEW.in_reception - OLD.in_reception, NEW.in_decision - OLD.in_decision, NEW.in_result - OLD.in_result, NEW.in_delivery - OLD.in_delivery, NEW.orders_seconds - OLD.orders_seconds) ON CONFLICT (month, region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_month_totals.opened + excluded.opened, is_draft = figure_month_totals.is_draft + excluded.is_draft, is_submitted = figure_month_totals.is_submitted + excluded.is_submitted, is_in_review = figure_month_totals.is_in_review + excluded.is_in_review, is_returned = figure_month_totals.is_returned + excluded.is_returned, is_preaudit_passed = figure_month_totals.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_month_totals.is_collecting + excluded.is_collecting, is_received = figure_month_totals.is_received + excluded.is_received, is_accepted = figure_month_totals.is_accepted + excluded.is_accepted, is_processing = figure_month_totals.is_processing + excluded.is_processing, is_approved = figure_month_totals.is_approved + excluded.is_approved, is_refused = figure_month_totals.is_refused + excluded.is_refused, is_concluded = figure_month_totals.is_concluded + excluded.is_concluded, is_delivering = figure_month_totals.is_delivering + excluded.is_delivering, is_delivered = figure_month_totals.is_delivered + excluded.is_delivered, is_withdrawn = figure_month_totals.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_month_totals.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_month_totals.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_month_totals.is_aborted + excluded.is_aborted, submitted = figure_month_totals.submitted + excluded.submitted, h00 = figure_month_totals.h00 + excluded.h00, h01 = figure_month_totals.h01 + excluded.h01, h02 = figure_month_totals.h02 + excluded.h02, h03 = figure_month_totals.h03 + excluded.h03, h04 = figure_month_totals.h04 + excluded.h04, h05 = figure_month_totals.h05 + excluded.h05, h06 = figure_month_totals.h06 + excluded.h06, h07 = figure_month_totals.h07 + excluded.h07, h08 = figure_month_totals.h08 + excluded.h08, h09 = figure_month_totals.h09 + excluded.h09, h10 = figure_month_totals.h10 + excluded.h10, h11 = figure_month_totals.h11 + excluded.h11, h12 = figure_month_totals.h12 + excluded.h12, h13 = figure_month_totals.h13 + excluded.h13, h14 = figure_month_totals.h14 + excluded.h14, h15 = figure_month_totals.h15 + excluded.h15, h16 = figure_month_totals.h16 + excluded.h16, h17 = figure_month_totals.h17 + excluded.h17, h18 = figure_month_totals.h18 + excluded.h18, h19 = figure_month_totals.h19 + excluded.h19, h20 = figure_month_totals.h20 + excluded.h20, h21 = figure_month_totals.h21 + excluded.h21, h22 = figure_month_totals.h22 + excluded.h22, h23 = figure_month_totals.h23 + excluded.h23, rounds_0 = figure_month_totals.rounds_0 + excluded.rounds_0, rounds_1 = figure_month_totals.rounds_1 + excluded.rounds_1, rounds_2 = figure_month_totals.rounds_2 + excluded.rounds_2, rounds_3 = figure_month_totals.rounds_3 + excluded.rounds_3, rounds = figure_month_totals.rounds + excluded.rounds, papers = figure_month_totals.papers + excluded.papers, accepted = figure_month_totals.accepted + excluded.accepted, concluded = figure_month_totals.concluded + excluded.concluded, approved = figure_month_totals.approved + excluded.approved, late = figure_month_totals.late + excluded.late, over_law = figure_month_totals.over_law + excluded.over_law, worked_days = figure_month_totals.worked_days + excluded.worked_days, delivered = figure_month_totals.delivered + excluded.delivered, trips = figure_month_totals.trips + excluded.trips, minutes = figure_month_totals.minutes + excluded.minutes, rated_1 = figure_month_totals.rated_1 + excluded.rated_1, rated_2 = figure_month_totals.rated_2 + excluded.rated_2, rated_3 = figure_month_totals.rated_3 + excluded.rated_3, rated_4 = figure_month_totals.rated_4 + excluded.rated_4, rated_5 = figure_month_totals.rated_5 + excluded.rated_5, complaints = figure_month_totals.complaints + excluded.complaints, complaints_answered = figure_month_totals.complaints_answered + excluded.complaints_answered, complaints_heard = figure_month_totals.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_month_totals.complaints_resolved + excluded.complaints_resolved, orders = figure_month_totals.orders + excluded.orders, orders_done = figure_month_totals.orders_done + excluded.orders_done, orders_failed = figure_month_totals.orders_failed + excluded.orders_failed, orders_refused = figure_month_totals.orders_refused + excluded.orders_refused, orders_cancelled = figure_month_totals.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_month_totals.orders_moved + excluded.orders_moved, orders_handed = figure_month_totals.orders_handed + excluded.orders_handed, orders_on_time = figure_month_totals.orders_on_time + excluded.orders_on_time, in_preaudit = figure_month_totals.in_preaudit + excluded.in_preaudit, in_correction = figure_month_totals.in_correction + excluded.in_correction, in_collection = figure_month_totals.in_collection + excluded.in_collection, in_reception = figure_month_totals.in_reception + excluded.in_reception, in_decision = figure_month_totals.in_decision + excluded.in_decision, in_result = figure_month_totals.in_result + excluded.in_result, in_delivery = figure_month_totals.in_delivery + excluded.in_delivery, orders_seconds = figure_month_totals.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_months_update_offices AFTER update ON figure_months FOR EACH ROW WHEN (NEW.partner = '') BEGIN INSERT INTO figure_office_months (month, region, department, departments, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (NEW.month, NEW.region, NEW.department, NEW.departments, NEW.opened - OLD.opened, NEW.is_draft - OLD.is_draft, NEW.is_submitted - OLD.is_submitted, NEW.is_in_review - OLD.is_in_review, NEW.is_returned - OLD.is_returned, NEW.is_preaudit_passed - OLD.is_preaudit_passed, NEW.is_collecting - OLD.is_collecting, NEW.is_received - OLD.is_received, NEW.is_accepted - OLD.is_accepted, NEW.is_processing - OLD.is_processing, NEW.is_approved - OLD.is_approved, NEW.is_refused - OLD.is_refused, NEW.is_concluded - OLD.is_concluded, NEW.is_delivering - OLD.is_delivering, NEW.is_delivered - OLD.is_delivered, NEW.is_withdrawn - OLD.is_withdrawn, NEW.is_not_accepted - OLD.is_not_accepted, NEW.is_correction_expired - OLD.is_correction_expired, NEW.is_aborted - OLD.is_aborted, NEW.submitted - OLD.submitted, NEW.h00 - OLD.h00, NEW.h01 - OLD.h01, NEW.h02 - OLD.h02, NEW.h03 - OLD.h03, NEW.h04 - OLD.h04, NEW.h05 - OLD.h05, NEW.h06 - OLD.h06, NEW.h07 - OLD.h07, NEW.h08 - OLD.h08, NEW.h09 - OLD.h09, NEW.h10 - OLD.h10, NEW.h11 - OLD.h11, NEW.h12 - OLD.h12, NEW.h13 - OLD.h13, NEW.h14 - OLD.h14, NEW.h15 - OLD.h15, NEW.h16 - OLD.h16, NEW.h17 - OLD.h17, NEW.h18 - OLD.h18, NEW.h19 - OLD.h19, NEW.h20 - OLD.h20, NEW.h21 - OLD.h21, NEW.h22 - OLD.h22, NEW.h23 - OLD.h23, NEW.rounds_0 - OLD.rounds_0, NEW.rounds_1 - OLD.rounds_1, NEW.rounds_2 - OLD.rounds_2, NEW.rounds_3 - OLD.rounds_3, NEW.rounds - OLD.rounds, NEW.papers - OLD.papers, NEW.accepted - OLD.accepted, NEW.concluded - OLD.concluded, NEW.approved - OLD.approved, NEW.late - OLD.late, NEW.over_law - OLD.over_law, NEW.worked_days - OLD.worked_days, NEW.delivered - OLD.delivered, NEW.trips - OLD.trips, NEW.minutes - OLD.minutes, NEW.rated_1 - OLD.rated_1, NEW.rated_2 - OLD.rated_2, NEW.rated_3 - OLD.rated_3, NEW.rated_4 - OLD.rated_4, NEW.rated_5 - OLD.rated_5, NEW.complaints - OLD.complaints, NEW.complaints_answered - OLD.complaints_answered, NEW.complaints_heard - OLD.complaints_heard, NEW.complaints_resolved - OLD.complaints_resolved, NEW.orders - OLD.orders, NEW.orders_done - OLD.orders_done, NEW.orders_failed - OLD.orders_failed, NEW.orders_refused - OLD.orders_refused, NEW.orders_cancelled - OLD.orders_cancelled, NEW.orders_moved - OLD.orders_moved, NEW.orders_handed - OLD.orders_handed, NEW.orders_on_time - OLD.orders_on_time, NEW.in_preaudit - OLD.in_preaudit, NEW.in_correction - OLD.in_correction, NEW.in_collection - OLD.in_collection, NEW.in_reception - OLD.in_reception, NEW.in_decision - OLD.in_decision, NEW.in_result - OLD.in_result, NEW.in_delivery - OLD.in_delivery, NEW.orders_seconds - OLD.orders_seconds) ON CONFLICT (month, region, department, departments) DO UPDATE SET opened = figure_office_months.opened + excluded.opened, is_draft = figure_office_months.is_draft + excluded.is_draft, is_submitted = figure_office_months.is_submitted + excluded.is_submitted, is_in_review = figure_office_months.is_in_review + excluded.is_in_review, is_returned = figure_office_months.is_returned + excluded.is_returned, is_preaudit_passed = figure_office_months.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_office_months.is_collecting + excluded.is_collecting, is_received = figure_office_months.is_received + excluded.is_received, is_accepted = figure_office_months.is_accepted + excluded.is_accepted, is_processing = figure_office_months.is_processing + excluded.is_processing, is_approved = figure_office_months.is_approved + excluded.is_approved, is_refused = figure_office_months.is_refused + excluded.is_refused, is_concluded = figure_office_months.is_concluded + excluded.is_concluded, is_delivering = figure_office_months.is_delivering + excluded.is_delivering, is_delivered = figure_office_months.is_delivered + excluded.is_delivered, is_withdrawn = figure_office_months.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_office_months.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_office_months.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_office_months.is_aborted + excluded.is_aborted, submitted = figure_office_months.submitted + excluded.submitted, h00 = figure_office_months.h00 + excluded.h00, h01 = figure_office_months.h01 + excluded.h01, h02 = figure_office_months.h02 + excluded.h02, h03 = figure_office_months.h03 + excluded.h03, h04 = figure_office_months.h04 + excluded.h04, h05 = figure_office_months.h05 + excluded.h05, h06 = figure_office_months.h06 + excluded.h06, h07 = figure_office_months.h07 + excluded.h07, h08 = figure_office_months.h08 + excluded.h08, h09 = figure_office_months.h09 + excluded.h09, h10 = figure_office_months.h10 + excluded.h10, h11 = figure_office_months.h11 + excluded.h11, h12 = figure_office_months.h12 + excluded.h12, h13 = figure_office_months.h13 + excluded.h13, h14 = figure_office_months.h14 + excluded.h14, h15 = figure_office_months.h15 + excluded.h15, h16 = figure_office_months.h16 + excluded.h16, h17 = figure_office_months.h17 + excluded.h17, h18 = figure_office_months.h18 + excluded.h18, h19 = figure_office_months.h19 + excluded.h19, h20 = figure_office_months.h20 + excluded.h20, h21 = figure_office_months.h21 + excluded.h21, h22 = figure_office_months.h22 + excluded.h22, h23 = figure_office_months.h23 + excluded.h23, rounds_0 = figure_office_months.rounds_0 + excluded.rounds_0, rounds_1 = figure_office_months.rounds_1 + excluded.rounds_1, rounds_2 = figure_office_months.rounds_2 + excluded.rounds_2, rounds_3 = figure_office_months.rounds_3 + excluded.rounds_3, rounds = figure_office_months.rounds + excluded.rounds, papers = figure_office_months.papers + excluded.papers, accepted = figure_office_months.accepted + excluded.accepted, concluded = figure_office_months.concluded + excluded.concluded, approved = figure_office_months.approved + excluded.approved, late = figure_office_months.late + excluded.late, over_law = figure_office_months.over_law + excluded.over_law, worked_days = figure_office_months.worked_days + excluded.worked_days, delivered = figure_office_months.delivered + excluded.delivered, trips = figure_office_months.trips + excluded.trips, minutes = figure_office_months.minutes + excluded.minutes, rated_1 = figure_office_months.rated_1 + excluded.rated_1, rated_2 = figure_office_months.rated_2 + excluded.rated_2, rated_3 = figure_office_months.rated_3 + excluded.rated_3, rated_4 = figure_office_months.rated_4 + excluded.rated_4, rated_5 = figure_office_months.rated_5 + excluded.rated_5, complaints = figure_office_months.complaints + excluded.complaints, complaints_answered = figure_office_months.complaints_answered + excluded.complaints_answered, complaints_heard = figure_office_months.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_office_months.complaints_resolved + excluded.complaints_resolved, orders = figure_office_months.orders + excluded.orders, orders_done = figure_office_months.orders_done + excluded.orders_done, orders_failed = figure_office_months.orders_failed + excluded.orders_failed, orders_refused = figure_office_months.orders_refused + excluded.orders_refused, orders_cancelled = figure_office_months.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_office_months.orders_moved + excluded.orders_moved, orders_handed = figure_office_months.orders_handed + excluded.orders_handed, orders_on_time = figure_office_months.orders_on_time + excluded.orders_on_time, in_preaudit = figure_office_months.in_preaudit + excluded.in_preaudit, in_correction = figure_office_months.in_correction + excluded.in_correction, in_collection = figure_office_months.in_collection + excluded.in_collection, in_reception = figure_office_months.in_reception + excluded.in_reception, in_decision = figure_office_months.in_decision + excluded.in_decision, in_result = figure_office_months.in_result + excluded.in_result, in_delivery = figure_office_months.in_delivery + excluded.in_delivery, orders_seconds = figure_office_months.orders_seconds + excluded.orders_seconds; INSERT INTO figure_office_hours (month, weekday, region, department, departments, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23) VALUES (NEW.month, NEW.weekday, NEW.region, NEW.department, NEW.departments, NEW.h00 - OLD.h00, NEW.h01 - OLD.h01, NEW.h02 - OLD.h02, NEW.h03 - OLD.h03, NEW.h04 - OLD.h04, NEW.h05 - OLD.h05, NEW.h06 - OLD.h06, NEW.h07 - OLD.h07, NEW.h08 - OLD.h08, NEW.h09 - OLD.h09, NEW.h10 - OLD.h10, NEW.h11 - OLD.h11, NEW.h12 - OLD.h12, NEW.h13 - OLD.h13, NEW.h14 - OLD.h14, NEW.h15 - OLD.h15, NEW.h16 - OLD.h16, NEW.h17 - OLD.h17, NEW.h18 - OLD.h18, NEW.h19 - OLD.h19, NEW.h20 - OLD.h20, NEW.h21 - OLD.h21, NEW.h22 - OLD.h22, NEW.h23 - OLD.h23) ON CONFLICT (month, weekday, region, department, departments) DO UPDATE SET h00 = figure_office_hours.h00 + excluded.h00, h01 = figure_office_hours.h01 + excluded.h01, h02 = figure_office_hours.h02 + excluded.h02, h03 = figure_office_hours.h03 + excluded.h03, h04 = figure_office_hours.h04 + excluded.h04, h05 = figure_office_hours.h05 + excluded.h05, h06 = figure_office_hours.h06 + excluded.h06, h07 = figure_office_hours.h07 + excluded.h07, h08 = figure_office_hours.h08 + excluded.h08, h09 = figure_office_hours.h09 + excluded.h09, h10 = figure_office_hours.h10 + excluded.h10, h11 = figure_office_hours.h11 + excluded.h11, h12 = figure_office_hours.h12 + excluded.h12, h13 = figure_office_hours.h13 + excluded.h13, h14 = figure_office_hours.h14 + excluded.h14, h15 = figure_office_hours.h15 + excluded.h15, h16 = figure_office_hours.h16 + excluded.h16, h17 = figure_office_hours.h17 + excluded.h17, h18 = figure_office_hours.h18 + excluded.h18, h19 = figure_office_hours.h19 + excluded.h19, h20 = figure_office_hours.h20 + excluded.h20, h21 = figure_office_hours.h21 + excluded.h21, h22 = figure_office_hours.h22 + excluded.h22, h23 = figure_office_hours.h23 + excluded.h23; END;
CREATE TRIGGER figure_months_update_sums AFTER update ON figure_months FOR EACH ROW  BEGIN INSERT INTO figure_sums (region, department, departments, item_code, channel, partner, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (NEW.region, NEW.department, NEW.departments, NEW.item_code, NEW.channel, NEW.partner, NEW.opened - OLD.opened, NEW.is_draft - OLD.is_draft, NEW.is_submitted - OLD.is_submitted, NEW.is_in_review - OLD.is_in_review, NEW.is_returned - OLD.is_returned, NEW.is_preaudit_passed - OLD.is_preaudit_passed, NEW.is_collecting - OLD.is_collecting, NEW.is_received - OLD.is_received, NEW.is_accepted - OLD.is_accepted, NEW.is_processing - OLD.is_processing, NEW.is_approved - OLD.is_approved, NEW.is_refused - OLD.is_refused, NEW.is_concluded - OLD.is_concluded, NEW.is_delivering - OLD.is_delivering, NEW.is_delivered - OLD.is_delivered, NEW.is_withdrawn - OLD.is_withdrawn, NEW.is_not_accepted - OLD.is_not_accepted, NEW.is_correction_expired - OLD.is_correction_expired, NEW.is_aborted - OLD.is_aborted, NEW.submitted - OLD.submitted, NEW.h00 - OLD.h00, NEW.h01 - OLD.h01, NEW.h02 - OLD.h02, NEW.h03 - OLD.h03, NEW.h04 - OLD.h04, NEW.h05 - OLD.h05, NEW.h06 - OLD.h06, NEW.h07 - OLD.h07, NEW.h08 - OLD.h08, NEW.h09 - OLD.h09, NEW.h10 - OLD.h10, NEW.h11 - OLD.h11, NEW.h12 - OLD.h12, NEW.h13 - OLD.h13, NEW.h14 - OLD.h14, NEW.h15 - OLD.h15, NEW.h16 - OLD.h16, NEW.h17 - OLD.h17, NEW.h18 - OLD.h18, NEW.h19 - OLD.h19, NEW.h20 - OLD.h20, NEW.h21 - OLD.h21, NEW.h22 - OLD.h22, NEW.h23 - OLD.h23, NEW.rounds_0 - OLD.rounds_0, NEW.rounds_1 - OLD.rounds_1, NEW.rounds_2 - OLD.rounds_2, NEW.rounds_3 - OLD.rounds_3, NEW.rounds - OLD.rounds, NEW.papers - OLD.papers, NEW.accepted - OLD.accepted, NEW.concluded - OLD.concluded, NEW.approved - OLD.approved, NEW.late - OLD.late, NEW.over_law - OLD.over_law, NEW.worked_days - OLD.worked_days, NEW.delivered - OLD.delivered, NEW.trips - OLD.trips, NEW.minutes - OLD.minutes, NEW.rated_1 - OLD.rated_1, NEW.rated_2 - OLD.rated_2, NEW.rated_3 - OLD.rated_3, NEW.rated_4 - OLD.rated_4, NEW.rated_5 - OLD.rated_5, NEW.complaints - OLD.complaints, NEW.complaints_answered - OLD.complaints_answered, NEW.complaints_heard - OLD.complaints_heard, NEW.complaints_resolved - OLD.complaints_resolved, NEW.orders - OLD.orders, NEW.orders_done - OLD.orders_done, NEW.orders_failed - OLD.orders_failed, NEW.orders_refused - OLD.orders_refused, NEW.orders_cancelled - OLD.orders_cancelled, NEW.orders_moved - OLD.orders_moved, NEW.orders_handed - OLD.orders_handed, NEW.orders_on_time - OLD.orders_on_time, NEW.in_preaudit - OLD.in_preaudit, NEW.in_correction - OLD.in_correction, NEW.in_collection - OLD.in_collection, NEW.in_reception - OLD.in_reception, NEW.in_decision - OLD.in_decision, NEW.in_result - OLD.in_result, NEW.in_delivery - OLD.in_delivery, NEW.orders_seconds - OLD.orders_seconds) ON CONFLICT (region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_sums.opened + excluded.opened, is_draft = figure_sums.is_draft + excluded.is_draft, is_submitted = figure_sums.is_submitted + excluded.is_submitted, is_in_review = figure_sums.is_in_review + excluded.is_in_review, is_returned = figure_sums.is_returned + excluded.is_returned, is_preaudit_passed = figure_sums.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_sums.is_collecting + excluded.is_collecting, is_received = figure_sums.is_received + excluded.is_received, is_accepted = figure_sums.is_accepted + excluded.is_accepted, is_processing = figure_sums.is_processing + excluded.is_processing, is_approved = figure_sums.is_approved + excluded.is_approved, is_refused = figure_sums.is_refused + excluded.is_refused, is_concluded = figure_sums.is_concluded + excluded.is_concluded, is_delivering = figure_sums.is_delivering + excluded.is_delivering, is_delivered = figure_sums.is_delivered + excluded.is_delivered, is_withdrawn = figure_sums.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_sums.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_sums.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_sums.is_aborted + excluded.is_aborted, submitted = figure_sums.submitted + excluded.submitted, h00 = figure_sums.h00 + excluded.h00, h01 = figure_sums.h01 + excluded.h01, h02 = figure_sums.h02 + excluded.h02, h03 = figure_sums.h03 + excluded.h03, h04 = figure_sums.h04 + excluded.h04, h05 = figure_sums.h05 + excluded.h05, h06 = figure_sums.h06 + excluded.h06, h07 = figure_sums.h07 + excluded.h07, h08 = figure_sums.h08 + excluded.h08, h09 = figure_sums.h09 + excluded.h09, h10 = figure_sums.h10 + excluded.h10, h11 = figure_sums.h11 + excluded.h11, h12 = figure_sums.h12 + excluded.h12, h13 = figure_sums.h13 + excluded.h13, h14 = figure_sums.h14 + excluded.h14, h15 = figure_sums.h15 + excluded.h15, h16 = figure_sums.h16 + excluded.h16, h17 = figure_sums.h17 + excluded.h17, h18 = figure_sums.h18 + excluded.h18, h19 = figure_sums.h19 + excluded.h19, h20 = figure_sums.h20 + excluded.h20, h21 = figure_sums.h21 + excluded.h21, h22 = figure_sums.h22 + excluded.h22, h23 = figure_sums.h23 + excluded.h23, rounds_0 = figure_sums.rounds_0 + excluded.rounds_0, rounds_1 = figure_sums.rounds_1 + excluded.rounds_1, rounds_2 = figure_sums.rounds_2 + excluded.rounds_2, rounds_3 = figure_sums.rounds_3 + excluded.rounds_3, rounds = figure_sums.rounds + excluded.rounds, papers = figure_sums.papers + excluded.papers, accepted = figure_sums.accepted + excluded.accepted, concluded = figure_sums.concluded + excluded.concluded, approved = figure_sums.approved + excluded.approved, late = figure_sums.late + excluded.late, over_law = figure_sums.over_law + excluded.over_law, worked_days = figure_sums.worked_days + excluded.worked_days, delivered = figure_sums.delivered + excluded.delivered, trips = figure_sums.trips + excluded.trips, minutes = figure_sums.minutes + excluded.minutes, rated_1 = figure_sums.rated_1 + excluded.rated_1, rated_2 = figure_sums.rated_2 + excluded.rated_2, rated_3 = figure_sums.rated_3 + excluded.rated_3, rated_4 = figure_sums.rated_4 + excluded.rated_4, rated_5 = figure_sums.rated_5 + excluded.rated_5, complaints = figure_sums.complaints + excluded.complaints, complaints_answered = figure_sums.complaints_answered + excluded.complaints_answered, complaints_heard = figure_sums.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_sums.complaints_resolved + excluded.complaints_resolved, orders = figure_sums.orders + excluded.orders, orders_done = figure_sums.orders_done + excluded.orders_done, orders_failed = figure_sums.orders_failed + excluded.orders_failed, orders_refused = figure_sums.orders_refused + excluded.orders_refused, orders_cancelled = figure_sums.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_sums.orders_moved + excluded.orders_moved, orders_handed = figure_sums.orders_handed + excluded.orders_handed, orders_on_time = figure_sums.orders_on_time + excluded.orders_on_time, in_preaudit = figure_sums.in_preaudit + excluded.in_preaudit, in_correction = figure_sums.in_correction + excluded.in_correction, in_collection = figure_sums.in_collection + excluded.in_collection, in_reception = figure_sums.in_reception + excluded.in_reception, in_decision = figure_sums.in_decision + excluded.in_decision, in_result = figure_sums.in_result + excluded.in_result, in_delivery = figure_sums.in_delivery + excluded.in_delivery, orders_seconds = figure_sums.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_months_update_wide AFTER update ON figure_months FOR EACH ROW  BEGIN INSERT INTO figure_years (year, region, department, departments, item_code, channel, partner, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (CAST(strftime('%Y', NEW.month) AS integer), NEW.region, NEW.department, NEW.departments, NEW.item_code, NEW.channel, NEW.partner, NEW.opened - OLD.opened, NEW.is_draft - OLD.is_draft, NEW.is_submitted - OLD.is_submitted, NEW.is_in_review - OLD.is_in_review, NEW.is_returned - OLD.is_returned, NEW.is_preaudit_passed - OLD.is_preaudit_passed, NEW.is_collecting - OLD.is_collecting, NEW.is_received - OLD.is_received, NEW.is_accepted - OLD.is_accepted, NEW.is_processing - OLD.is_processing, NEW.is_approved - OLD.is_approved, NEW.is_refused - OLD.is_refused, NEW.is_concluded - OLD.is_concluded, NEW.is_delivering - OLD.is_delivering, NEW.is_delivered - OLD.is_delivered, NEW.is_withdrawn - OLD.is_withdrawn, NEW.is_not_accepted - OLD.is_not_accepted, NEW.is_correction_expired - OLD.is_correction_expired, NEW.is_aborted - OLD.is_aborted, NEW.submitted - OLD.submitted, NEW.h00 - OLD.h00, NEW.h01 - OLD.h01, NEW.h02 - OLD.h02, NEW.h03 - OLD.h03, NEW.h04 - OLD.h04, NEW.h05 - OLD.h05, NEW.h06 - OLD.h06, NEW.h07 - OLD.h07, NEW.h08 - OLD.h08, NEW.h09 - OLD.h09, NEW.h10 - OLD.h10, NEW.h11 - OLD.h11, NEW.h12 - OLD.h12, NEW.h13 - OLD.h13, NEW.h14 - OLD.h14, NEW.h15 - OLD.h15, NEW.h16 - OLD.h16, NEW.h17 - OLD.h17, NEW.h18 - OLD.h18, NEW.h19 - OLD.h19, NEW.h20 - OLD.h20, NEW.h21 - OLD.h21, NEW.h22 - OLD.h22, NEW.h23 - OLD.h23, NEW.rounds_0 - OLD.rounds_0, NEW.rounds_1 - OLD.rounds_1, NEW.rounds_2 - OLD.rounds_2, NEW.rounds_3 - OLD.rounds_3, NEW.rounds - OLD.rounds, NEW.papers - OLD.papers, NEW.accepted - OLD.accepted, NEW.concluded - OLD.concluded, NEW.approved - OLD.approved, NEW.late - OLD.late, NEW.over_law - OLD.over_law, NEW.worked_days - OLD.worked_days, NEW.delivered - OLD.delivered, NEW.trips - OLD.trips, NEW.minutes - OLD.minutes, NEW.rated_1 - OLD.rated_1, NEW.rated_2 - OLD.rated_2, NEW.rated_3 - OLD.rated_3, NEW.rated_4 - OLD.rated_4, NEW.rated_5 - OLD.rated_5, NEW.complaints - OLD.complaints, NEW.complaints_answered - OLD.complaints_answered, NEW.complaints_heard - OLD.complaints_heard, NEW.complaints_resolved - OLD.complaints_resolved, NEW.orders - OLD.orders, NEW.orders_done - OLD.orders_done, NEW.orders_failed - OLD.orders_failed, NEW.orders_refused - OLD.orders_refused, NEW.orders_cancelled - OLD.orders_cancelled, NEW.orders_moved - OLD.orders_moved, NEW.orders_handed - OLD.orders_handed, NEW.orders_on_time - OLD.orders_on_time, NEW.in_preaudit - OLD.in_preaudit, NEW.in_correction - OLD.in_correction, NEW.in_collection - OLD.in_collection, NEW.in_reception - OLD.in_reception, NEW.in_decision - OLD.in_decision, NEW.in_result - OLD.in_result, NEW.in_delivery - OLD.in_delivery, NEW.orders_seconds - OLD.orders_seconds) ON CONFLICT (year, region, department, departments, item_code, channel, partner) DO UPDATE SET opened = figure_years.opened + excluded.opened, is_draft = figure_years.is_draft + excluded.is_draft, is_submitted = figure_years.is_submitted + excluded.is_submitted, is_in_review = figure_years.is_in_review + excluded.is_in_review, is_returned = figure_years.is_returned + excluded.is_returned, is_preaudit_passed = figure_years.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_years.is_collecting + excluded.is_collecting, is_received = figure_years.is_received + excluded.is_received, is_accepted = figure_years.is_accepted + excluded.is_accepted, is_processing = figure_years.is_processing + excluded.is_processing, is_approved = figure_years.is_approved + excluded.is_approved, is_refused = figure_years.is_refused + excluded.is_refused, is_concluded = figure_years.is_concluded + excluded.is_concluded, is_delivering = figure_years.is_delivering + excluded.is_delivering, is_delivered = figure_years.is_delivered + excluded.is_delivered, is_withdrawn = figure_years.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_years.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_years.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_years.is_aborted + excluded.is_aborted, submitted = figure_years.submitted + excluded.submitted, h00 = figure_years.h00 + excluded.h00, h01 = figure_years.h01 + excluded.h01, h02 = figure_years.h02 + excluded.h02, h03 = figure_years.h03 + excluded.h03, h04 = figure_years.h04 + excluded.h04, h05 = figure_years.h05 + excluded.h05, h06 = figure_years.h06 + excluded.h06, h07 = figure_years.h07 + excluded.h07, h08 = figure_years.h08 + excluded.h08, h09 = figure_years.h09 + excluded.h09, h10 = figure_years.h10 + excluded.h10, h11 = figure_years.h11 + excluded.h11, h12 = figure_years.h12 + excluded.h12, h13 = figure_years.h13 + excluded.h13, h14 = figure_years.h14 + excluded.h14, h15 = figure_years.h15 + excluded.h15, h16 = figure_years.h16 + excluded.h16, h17 = figure_years.h17 + excluded.h17, h18 = figure_years.h18 + excluded.h18, h19 = figure_years.h19 + excluded.h19, h20 = figure_years.h20 + excluded.h20, h21 = figure_years.h21 + excluded.h21, h22 = figure_years.h22 + excluded.h22, h23 = figure_years.h23 + excluded.h23, rounds_0 = figure_years.rounds_0 + excluded.rounds_0, rounds_1 = figure_years.rounds_1 + excluded.rounds_1, rounds_2 = figure_years.rounds_2 + excluded.rounds_2, rounds_3 = figure_years.rounds_3 + excluded.rounds_3, rounds = figure_years.rounds + excluded.rounds, papers = figure_years.papers + excluded.papers, accepted = figure_years.accepted + excluded.accepted, concluded = figure_years.concluded + excluded.concluded, approved = figure_years.approved + excluded.approved, late = figure_years.late + excluded.late, over_law = figure_years.over_law + excluded.over_law, worked_days = figure_years.worked_days + excluded.worked_days, delivered = figure_years.delivered + excluded.delivered, trips = figure_years.trips + excluded.trips, minutes = figure_years.minutes + excluded.minutes, rated_1 = figure_years.rated_1 + excluded.rated_1, rated_2 = figure_years.rated_2 + excluded.rated_2, rated_3 = figure_years.rated_3 + excluded.rated_3, rated_4 = figure_years.rated_4 + excluded.rated_4, rated_5 = figure_years.rated_5 + excluded.rated_5, complaints = figure_years.complaints + excluded.complaints, complaints_answered = figure_years.complaints_answered + excluded.complaints_answered, complaints_heard = figure_years.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_years.complaints_resolved + excluded.complaints_resolved, orders = figure_years.orders + excluded.orders, orders_done = figure_years.orders_done + excluded.orders_done, orders_failed = figure_years.orders_failed + excluded.orders_failed, orders_refused = figure_years.orders_refused + excluded.orders_refused, orders_cancelled = figure_years.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_years.orders_moved + excluded.orders_moved, orders_handed = figure_years.orders_handed + excluded.orders_handed, orders_on_time = figure_years.orders_on_time + excluded.orders_on_time, in_preaudit = figure_years.in_preaudit + excluded.in_preaudit, in_correction = figure_years.in_correction + excluded.in_correction, in_collection = figure_years.in_collection + excluded.in_collection, in_reception = figure_years.in_reception + excluded.in_reception, in_decision = figure_years.in_decision + excluded.in_decision, in_result = figure_years.in_result + excluded.in_result, in_delivery = figure_years.in_delivery + excluded.in_delivery, orders_seconds = figure_years.orders_seconds + excluded.orders_seconds; END;
CREATE TRIGGER figure_months_update_wide_offices AFTER update ON figure_months FOR EACH ROW WHEN (NEW.partner = '') BEGIN INSERT INTO figure_office_years (year, region, department, departments, opened, is_draft, is_submitted, is_in_review, is_returned, is_preaudit_passed, is_collecting, is_received, is_accepted, is_processing, is_approved, is_refused, is_concluded, is_delivering, is_delivered, is_withdrawn, is_not_accepted, is_correction_expired, is_aborted, submitted, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23, rounds_0, rounds_1, rounds_2, rounds_3, rounds, papers, accepted, concluded, approved, late, over_law, worked_days, delivered, trips, minutes, rated_1, rated_2, rated_3, rated_4, rated_5, complaints, complaints_answered, complaints_heard, complaints_resolved, orders, orders_done, orders_failed, orders_refused, orders_cancelled, orders_moved, orders_handed, orders_on_time, in_preaudit, in_correction, in_collection, in_reception, in_decision, in_result, in_delivery, orders_seconds) VALUES (CAST(strftime('%Y', NEW.month) AS integer), NEW.region, NEW.department, NEW.departments, NEW.opened - OLD.opened, NEW.is_draft - OLD.is_draft, NEW.is_submitted - OLD.is_submitted, NEW.is_in_review - OLD.is_in_review, NEW.is_returned - OLD.is_returned, NEW.is_preaudit_passed - OLD.is_preaudit_passed, NEW.is_collecting - OLD.is_collecting, NEW.is_received - OLD.is_received, NEW.is_accepted - OLD.is_accepted, NEW.is_processing - OLD.is_processing, NEW.is_approved - OLD.is_approved, NEW.is_refused - OLD.is_refused, NEW.is_concluded - OLD.is_concluded, NEW.is_delivering - OLD.is_delivering, NEW.is_delivered - OLD.is_delivered, NEW.is_withdrawn - OLD.is_withdrawn, NEW.is_not_accepted - OLD.is_not_accepted, NEW.is_correction_expired - OLD.is_correction_expired, NEW.is_aborted - OLD.is_aborted, NEW.submitted - OLD.submitted, NEW.h00 - OLD.h00, NEW.h01 - OLD.h01, NEW.h02 - OLD.h02, NEW.h03 - OLD.h03, NEW.h04 - OLD.h04, NEW.h05 - OLD.h05, NEW.h06 - OLD.h06, NEW.h07 - OLD.h07, NEW.h08 - OLD.h08, NEW.h09 - OLD.h09, NEW.h10 - OLD.h10, NEW.h11 - OLD.h11, NEW.h12 - OLD.h12, NEW.h13 - OLD.h13, NEW.h14 - OLD.h14, NEW.h15 - OLD.h15, NEW.h16 - OLD.h16, NEW.h17 - OLD.h17, NEW.h18 - OLD.h18, NEW.h19 - OLD.h19, NEW.h20 - OLD.h20, NEW.h21 - OLD.h21, NEW.h22 - OLD.h22, NEW.h23 - OLD.h23, NEW.rounds_0 - OLD.rounds_0, NEW.rounds_1 - OLD.rounds_1, NEW.rounds_2 - OLD.rounds_2, NEW.rounds_3 - OLD.rounds_3, NEW.rounds - OLD.rounds, NEW.papers - OLD.papers, NEW.accepted - OLD.accepted, NEW.concluded - OLD.concluded, NEW.approved - OLD.approved, NEW.late - OLD.late, NEW.over_law - OLD.over_law, NEW.worked_days - OLD.worked_days, NEW.delivered - OLD.delivered, NEW.trips - OLD.trips, NEW.minutes - OLD.minutes, NEW.rated_1 - OLD.rated_1, NEW.rated_2 - OLD.rated_2, NEW.rated_3 - OLD.rated_3, NEW.rated_4 - OLD.rated_4, NEW.rated_5 - OLD.rated_5, NEW.complaints - OLD.complaints, NEW.complaints_answered - OLD.complaints_answered, NEW.complaints_heard - OLD.complaints_heard, NEW.complaints_resolved - OLD.complaints_resolved, NEW.orders - OLD.orders, NEW.orders_done - OLD.orders_done, NEW.orders_failed - OLD.orders_failed, NEW.orders_refused - OLD.orders_refused, NEW.orders_cancelled - OLD.orders_cancelled, NEW.orders_moved - OLD.orders_moved, NEW.orders_handed - OLD.orders_handed, NEW.orders_on_time - OLD.orders_on_time, NEW.in_preaudit - OLD.in_preaudit, NEW.in_correction - OLD.in_correction, NEW.in_collection - OLD.in_collection, NEW.in_reception - OLD.in_reception, NEW.in_decision - OLD.in_decision, NEW.in_result - OLD.in_result, NEW.in_delivery - OLD.in_delivery, NEW.orders_seconds - OLD.orders_seconds) ON CONFLICT (year, region, department, departments) DO UPDATE SET opened = figure_office_years.opened + excluded.opened, is_draft = figure_office_years.is_draft + excluded.is_draft, is_submitted = figure_office_years.is_submitted + excluded.is_submitted, is_in_review = figure_office_years.is_in_review + excluded.is_in_review, is_returned = figure_office_years.is_returned + excluded.is_returned, is_preaudit_passed = figure_office_years.is_preaudit_passed + excluded.is_preaudit_passed, is_collecting = figure_office_years.is_collecting + excluded.is_collecting, is_received = figure_office_years.is_received + excluded.is_received, is_accepted = figure_office_years.is_accepted + excluded.is_accepted, is_processing = figure_office_years.is_processing + excluded.is_processing, is_approved = figure_office_years.is_approved + excluded.is_approved, is_refused = figure_office_years.is_refused + excluded.is_refused, is_concluded = figure_office_years.is_concluded + excluded.is_concluded, is_delivering = figure_office_years.is_delivering + excluded.is_delivering, is_delivered = figure_office_years.is_delivered + excluded.is_delivered, is_withdrawn = figure_office_years.is_withdrawn + excluded.is_withdrawn, is_not_accepted = figure_office_years.is_not_accepted + excluded.is_not_accepted, is_correction_expired = figure_office_years.is_correction_expired + excluded.is_correction_expired, is_aborted = figure_office_years.is_aborted + excluded.is_aborted, submitted = figure_office_years.submitted + excluded.submitted, h00 = figure_office_years.h00 + excluded.h00, h01 = figure_office_years.h01 + excluded.h01, h02 = figure_office_years.h02 + excluded.h02, h03 = figure_office_years.h03 + excluded.h03, h04 = figure_office_years.h04 + excluded.h04, h05 = figure_office_years.h05 + excluded.h05, h06 = figure_office_years.h06 + excluded.h06, h07 = figure_office_years.h07 + excluded.h07, h08 = figure_office_years.h08 + excluded.h08, h09 = figure_office_years.h09 + excluded.h09, h10 = figure_office_years.h10 + excluded.h10, h11 = figure_office_years.h11 + excluded.h11, h12 = figure_office_years.h12 + excluded.h12, h13 = figure_office_years.h13 + excluded.h13, h14 = figure_office_years.h14 + excluded.h14, h15 = figure_office_years.h15 + excluded.h15, h16 = figure_office_years.h16 + excluded.h16, h17 = figure_office_years.h17 + excluded.h17, h18 = figure_office_years.h18 + excluded.h18, h19 = figure_office_years.h19 + excluded.h19, h20 = figure_office_years.h20 + excluded.h20, h21 = figure_office_years.h21 + excluded.h21, h22 = figure_office_years.h22 + excluded.h22, h23 = figure_office_years.h23 + excluded.h23, rounds_0 = figure_office_years.rounds_0 + excluded.rounds_0, rounds_1 = figure_office_years.rounds_1 + excluded.rounds_1, rounds_2 = figure_office_years.rounds_2 + excluded.rounds_2, rounds_3 = figure_office_years.rounds_3 + excluded.rounds_3, rounds = figure_office_years.rounds + excluded.rounds, papers = figure_office_years.papers + excluded.papers, accepted = figure_office_years.accepted + excluded.accepted, concluded = figure_office_years.concluded + excluded.concluded, approved = figure_office_years.approved + excluded.approved, late = figure_office_years.late + excluded.late, over_law = figure_office_years.over_law + excluded.over_law, worked_days = figure_office_years.worked_days + excluded.worked_days, delivered = figure_office_years.delivered + excluded.delivered, trips = figure_office_years.trips + excluded.trips, minutes = figure_office_years.minutes + excluded.minutes, rated_1 = figure_office_years.rated_1 + excluded.rated_1, rated_2 = figure_office_years.rated_2 + excluded.rated_2, rated_3 = figure_office_years.rated_3 + excluded.rated_3, rated_4 = figure_office_years.rated_4 + excluded.rated_4, rated_5 = figure_office_years.rated_5 + excluded.rated_5, complaints = figure_office_years.complaints + excluded.complaints, complaints_answered = figure_office_years.complaints_answered + excluded.complaints_answered, complaints_heard = figure_office_years.complaints_heard + excluded.complaints_heard, complaints_resolved = figure_office_years.complaints_resolved + excluded.complaints_resolved, orders = figure_office_years.orders + excluded.orders, orders_done = figure_office_years.orders_done + excluded.orders_done, orders_failed = figure_office_years.orders_failed + excluded.orders_failed, orders_refused = figure_office_years.orders_refused + excluded.orders_refused, orders_cancelled = figure_office_years.orders_cancelled + excluded.orders_cancelled, orders_moved = figure_office_years.orders_moved + excluded.orders_moved, orders_handed = figure_office_years.orders_handed + excluded.orders_handed, orders_on_time = figure_office_years.orders_on_time + excluded.orders_on_time, in_preaudit = figure_office_years.in_preaudit + excluded.in_preaudit, in_correction = figure_office_years.in_correction + excluded.in_correction, in_collection = figure_office_years.in_collection + excluded.in_collection, in_reception = figure_office_years.in_reception + excluded.in_reception, in_decision = figure_office_years.in_decision + excluded.in_decision, in_result = figure_office_years.in_result + excluded.in_result, in_delivery = figure_office_years.in_delivery + excluded.in_delivery, orders_seconds = figure_office_years.orders_seconds + excluded.orders_seconds; INSERT INTO figure_office_year_hours (year, weekday, region, department, departments, h00, h01, h02, h03, h04, h05, h06, h07, h08, h09, h10, h11, h12, h13, h14, h15, h16, h17, h18, h19, h20, h21, h22, h23) VALUES (CAST(strftime('%Y', NEW.month) AS integer), NEW.weekday, NEW.region, NEW.department, NEW.departments, NEW.h00 - OLD.h00, NEW.h01 - OLD.h01, NEW.h02 - OLD.h02, NEW.h03 - OLD.h03, NEW.h04 - OLD.h04, NEW.h05 - OLD.h05, NEW.h06 - OLD.h06, NEW.h07 - OLD.h07, NEW.h08 - OLD.h08, NEW.h09 - OLD.h09, NEW.h10 - OLD.h10, NEW.h11 - OLD.h11, NEW.h12 - OLD.h12, NEW.h13 - OLD.h13, NEW.h14 - OLD.h14, NEW.h15 - OLD.h15, NEW.h16 - OLD.h16, NEW.h17 - OLD.h17, NEW.h18 - OLD.h18, NEW.h19 - OLD.h19, NEW.h20 - OLD.h20, NEW.h21 - OLD.h21, NEW.h22 - OLD.h22, NEW.h23 - OLD.h23) ON CONFLICT (year, weekday, region, department, departments) DO UPDATE SET h00 = figure_office_year_hours.h00 + excluded.h00, h01 = figure_office_year_hours.h01 + excluded.h01, h02 = figure_office_year_hours.h02 + excluded.h02, h03 = figure_office_year_hours.h03 + excluded.h03, h04 = figure_office_year_hours.h04 + excluded.h04, h05 = figure_office_year_hours.h05 + excluded.h05, h06 = figure_office_year_hours.h06 + excluded.h06, h07 = figure_office_year_hours.h07 + excluded.h07, h08 = figure_office_year_hours.h08 + excluded.h08, h09 = figure_office_year_hours.h09 + excluded.h09, h10 = figure_office_year_hours.h10 + excluded.h10, h11 = figure_office_year_hours.h11 + excluded.h11, h12 = figure_office_year_hours.h12 + excluded.h12, h13 = figure_office_year_hours.h13 + excluded.h13, h14 = figure_office_year_hours.h14 + excluded.h14, h15 = figure_office_year_hours.h15 + excluded.h15, h16 = figure_office_year_hours.h16 + excluded.h16, h17 = figure_office_year_hours.h17 + excluded.h17, h18 = figure_office_year_hours.h18 + excluded.h18, h19 = figure_office_year_hours.h19 + excluded.h19, h20 = figure_office_year_hours.h20 + excluded.h20, h21 = figure_office_year_hours.h21 + excluded.h21, h22 = figure_office_year_hours.h22 + excluded.h22, h23 = figure_office_year_hours.h23 + excluded.h23; END;
INSERT INTO alembic_version (version_num) VALUES ('0041');
