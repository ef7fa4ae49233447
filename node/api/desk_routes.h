// Every route of the local API, over anything that has these operations (desk::Desk,
// or a fake in a test): one method per operation, named as below, taking
// const api::v1::XRequest& (and, if it likes, const http::Caller&) and returning
// Result<api::v1::XResponse>; and roles_of(operation) and asks_again(operation), as Rights. Includes the generated messages: use it in one .cc.
#pragma once

#include "node/api/openapi.h"
#include "node/api/routes.h"
#include "proto/api.pb.h"
#include "proto/backup.pb.h"
#include "proto/clock.pb.h"
#include "proto/console.pb.h"
#include "proto/custody.pb.h"
#include "proto/evidence.pb.h"
#include "proto/people.pb.h"
#include "proto/release.pb.h"
#include "proto/retention.pb.h"
#include "proto/pair.pb.h"
#include "proto/seizure.pb.h"
#include "proto/sheet.pb.h"
#include "proto/trust.pb.h"
#include "proto/witness.pb.h"

// One line of the table. The trailing words are the message names' stems.
#define FOCAL_ROUTE(name, method, pattern, request, response)                                   \
  router.add(#name, method, pattern,                                                            \
             json_operation<v1::request, v1::response>(                                         \
                 [&desk](const v1::request& message, [[maybe_unused]] const http::Caller& caller) \
                     -> Result<v1::response> {                                                  \
                   if constexpr (std::is_invocable_v<decltype(&Desk::name), Desk&,              \
                                                     const v1::request&, const http::Caller&>)  \
                     return desk.name(message, caller);                                         \
                   else                                                                         \
                     return desk.name(message);                                                 \
                 }))

// The same for one that brings an officer's passphrase, or the code of a meeting.
#define FOCAL_SECRET_ROUTE(name, method, pattern, request, response)                     \
  FOCAL_SECRET_IN_ROUTE(name, method, pattern, request, response, kOfficerPassphrase)
#define FOCAL_SECRET_IN_ROUTE(name, method, pattern, request, response, field)           \
  router.add(#name, method, pattern,                                                     \
             secret_operation<v1::request, v1::response>(                                \
                 field,                                                                  \
                 [&desk](const v1::request& message, const http::Caller& caller,         \
                         const crypto::Secret& secret) -> Result<v1::response> {         \
                   return desk.name(message, caller, secret);                            \
                 }))

// … and one that brings the passphrase that is and the one that is to be.
#define FOCAL_TWO_SECRETS_ROUTE(name, method, pattern, request, response)                \
  router.add(#name, method, pattern,                                                     \
             two_secrets_operation<v1::request, v1::response>(                           \
                 [&desk](const v1::request& message, const http::Caller& caller,         \
                         const crypto::Secret& old,                                      \
                         const crypto::Secret& fresh) -> Result<v1::response> {          \
                   return desk.name(message, caller, old, fresh);                        \
                 }))

// … and one whose answer has a secret in that field.
#define FOCAL_SECRET_OUT_ROUTE(name, method, pattern, request, response, field)          \
  router.add(#name, method, pattern,                                                     \
             secret_answer_operation<v1::request, v1::response>(                         \
                 field,                                                                  \
                 [&desk](const v1::request& message, crypto::Secret& secret)             \
                     -> Result<v1::response> { return desk.name(message, secret); }))

namespace focal::api {

// A part for each kind of use, so that none grows past what one reads at once.
template <typename Desk>
void add_node_routes(Router& router, Desk& desk) {
  // clang-format off
  FOCAL_ROUTE(status,        "GET",  "/v1/status",                      StatusRequest,       StatusResponse);
  FOCAL_ROUTE(doctor,        "GET",  "/v1/doctor",                      DoctorRequest,       DoctorResponse);
  FOCAL_ROUTE(card_show,     "GET",  "/v1/card",                        CardShowRequest,     CardShowResponse);
  FOCAL_ROUTE(card_export,   "GET",  "/v1/card/export",                 CardExportRequest,   CardExportResponse);
  FOCAL_ROUTE(ledger_verify, "GET",  "/v1/ledger/verify",               LedgerVerifyRequest, LedgerVerifyResponse);
  FOCAL_ROUTE(clock_show,    "GET",  "/v1/clock",                       ClockShowRequest,    ClockShowResponse);
  FOCAL_ROUTE(clock_confirm, "POST", "/v1/clock/confirm",               ClockConfirmRequest, ClockConfirmResponse);
  FOCAL_ROUTE(witness_show,  "GET",  "/v1/witness",                     WitnessShowRequest,  WitnessShowResponse);
  FOCAL_ROUTE(witness_set,   "POST", "/v1/witness",                     WitnessSetRequest,   WitnessSetResponse);
  FOCAL_ROUTE(start_show,    "GET",  "/v1/start",                       StartShowRequest,    StartShowResponse);
  FOCAL_ROUTE(start_override,"POST", "/v1/start/override",              StartOverrideRequest,StartOverrideResponse);
  FOCAL_ROUTE(backup_show,   "GET",  "/v1/backup",                      BackupShowRequest,   BackupShowResponse);
  FOCAL_ROUTE(backup_make,   "POST", "/v1/backup",                      BackupMakeRequest,   BackupMakeResponse);
  FOCAL_ROUTE(keys_show,     "GET",  "/v1/keys",                        KeysShowRequest,     KeysShowResponse);
  FOCAL_ROUTE(keys_replace,  "POST", "/v1/keys/replace",                KeysReplaceRequest,  KeysReplaceResponse);
  FOCAL_ROUTE(card_custody, "GET",  "/v1/card/custody",                CardCustodyRequest,  CardCustodyResponse);
  FOCAL_ROUTE(card_prepare, "POST", "/v1/card/prepare",                CardPrepareRequest,  CardPrepareResponse);
  FOCAL_ROUTE(card_cancel,  "POST", "/v1/card/cancel",                 CardCancelRequest,   CardCancelResponse);
  FOCAL_ROUTE(card_apply,   "POST", "/v1/card/apply",                  CardApplyRequest,    CardApplyResponse);
  FOCAL_ROUTE(ledger_tail,   "GET",  "/v1/ledger/leaves",               LedgerTailRequest,   LedgerViewResponse);
  FOCAL_ROUTE(card_revoke,  "POST", "/v1/card/revoke",                 CardRevokeRequest,   CardRevokeResponse);
  FOCAL_ROUTE(card_code,     "GET",  "/v1/card/code",                   CardCodeRequest,     CardCodeResponse);
  // clang-format on
}

template <typename Desk>
void add_case_routes(Router& router, Desk& desk) {
  // clang-format off
  FOCAL_ROUTE(trace_list,    "GET",  "/v1/traces",                      TraceListRequest,    TraceListResponse);
  FOCAL_ROUTE(trace_open,    "POST", "/v1/traces",                      TraceOpenRequest,    TraceOpenResponse);
  FOCAL_ROUTE(trace_show,    "GET",  "/v1/traces/{case_number}",        TraceShowRequest,    TraceShowResponse);
  FOCAL_ROUTE(trace_sheet,   "GET",  "/v1/traces/{case_number}/sheet",  TraceSheetRequest,   TraceSheetResponse);
  FOCAL_ROUTE(trace_ack,     "POST", "/v1/traces/{case_number}/ack",         TraceAckRequest,     TraceActResponse);
  FOCAL_ROUTE(trace_ask,     "POST", "/v1/traces/{case_number}/ask",         TraceAskRequest,     TraceActResponse);
  FOCAL_ROUTE(trace_supply,  "POST", "/v1/traces/{case_number}/supply",      TraceSupplyRequest,  TraceActResponse);
  FOCAL_ROUTE(trace_delay,   "POST", "/v1/traces/{case_number}/delay",       TraceDelayRequest,   TraceActResponse);
  FOCAL_ROUTE(trace_interim, "POST", "/v1/traces/{case_number}/interim",     TraceInterimRequest, TraceActResponse);
  FOCAL_ROUTE(trace_answer,  "POST", "/v1/traces/{case_number}/answer",      TraceAnswerRequest,  TraceActResponse);
  FOCAL_ROUTE(trace_refuse,  "POST", "/v1/traces/{case_number}/refuse",      TraceRefuseRequest,  TraceActResponse);
  FOCAL_ROUTE(trace_clarify, "POST", "/v1/traces/{case_number}/clarify",     TraceClarifyRequest, TraceActResponse);
  FOCAL_ROUTE(trace_reply,   "POST", "/v1/traces/{case_number}/reply",       TraceReplyRequest,   TraceActResponse);
  FOCAL_ROUTE(trace_correct, "POST", "/v1/traces/{case_number}/correct",     TraceCorrectRequest, TraceActResponse);
  FOCAL_ROUTE(trace_withdraw,"POST", "/v1/traces/{case_number}/withdraw",    TraceWithdrawRequest,TraceActResponse);
  FOCAL_ROUTE(trace_close,   "POST", "/v1/traces/{case_number}/close",       TraceCloseRequest,   TraceActResponse);
  FOCAL_ROUTE(trace_reopen,  "POST", "/v1/traces/{case_number}/reopen",      TraceReopenRequest,  TraceActResponse);
  FOCAL_ROUTE(trace_follow,  "POST", "/v1/traces/{case_number}/follow",      TraceFollowRequest,  TraceFollowResponse);
  FOCAL_ROUTE(trace_link,    "POST", "/v1/traces/{case_number}/link",        TraceLinkRequest,    TraceLinkResponse);
  FOCAL_ROUTE(find,          "POST", "/v1/find",                        FindRequest,         FindResponse);
  FOCAL_ROUTE(inbox,         "GET",  "/v1/inbox",                       InboxRequest,        InboxResponse);
  FOCAL_ROUTE(outbox_list,   "GET",  "/v1/outbox",                      OutboxListRequest,   OutboxListResponse);
  FOCAL_ROUTE(outbox_show,   "GET",  "/v1/outbox/{id}",                 OutboxShowRequest,   OutboxShowResponse);
  FOCAL_ROUTE(outbox_retry,  "POST", "/v1/outbox/{id}/retry",           OutboxRetryRequest,  OutboxRetryResponse);
  FOCAL_ROUTE(outbox_cancel, "POST", "/v1/outbox/{id}/cancel",          OutboxCancelRequest, OutboxCancelResponse);
  FOCAL_ROUTE(retention_show,"GET",  "/v1/retention",                   RetentionShowRequest,RetentionShowResponse);
  FOCAL_ROUTE(retention_run, "POST", "/v1/retention/run",               RetentionRunRequest, RetentionRunResponse);
  FOCAL_ROUTE(record_erase,  "POST", "/v1/records/erase",               RecordEraseRequest,  RecordEraseResponse);
  FOCAL_ROUTE(ledger_job,    "GET",  "/v1/ledger/job",                  LedgerJobRequest,    LedgerJobResponse);
  FOCAL_ROUTE(ledger_log,    "GET",  "/v1/ledger/log",                  LedgerLogRequest,    LedgerLogResponse);
  FOCAL_ROUTE(ledger_show,   "GET",  "/v1/ledger/leaves/{leaf}",        LedgerShowRequest,   LedgerShowResponse);
  FOCAL_ROUTE(ledger_find,   "POST", "/v1/ledger/find",                 LedgerFindRequest,   LedgerFindResponse);
  FOCAL_ROUTE(ledger_checkpoint, "GET", "/v1/ledger/checkpoint",        LedgerCheckpointRequest, LedgerCheckpointResponse);
  FOCAL_ROUTE(ledger_tiles,  "GET",  "/v1/ledger/tiles",                LedgerTilesRequest,  LedgerFilesResponse);
  FOCAL_ROUTE(ledger_entries,"GET",  "/v1/ledger/entries",              LedgerEntriesRequest,LedgerFilesResponse);
  FOCAL_ROUTE(evidence_export,"POST", "/v1/evidence",                   EvidenceExportRequest, EvidenceExportResponse);
  FOCAL_ROUTE(evidence_demand,"POST", "/v1/evidence/demand",            EvidenceDemandRequest, EvidenceDemandResponse);
  FOCAL_ROUTE(trace_import,  "POST", "/v1/traces/import",               TraceImportRequest,  TraceImportResponse);
  // clang-format on
}

template <typename Desk>
void add_trust_routes(Router& router, Desk& desk) {
  // clang-format off
  FOCAL_ROUTE(peer_list,     "GET",  "/v1/peers",                       PeerListRequest,     PeersResponse);
  FOCAL_ROUTE(peer_add,      "POST", "/v1/peers",                       PeerAddRequest,      PeerAddResponse);
  FOCAL_ROUTE(peer_show,     "GET",  "/v1/peers/{party}",               PeerDetailsRequest,  PeerDetailsResponse);
  FOCAL_ROUTE(peer_verify,   "POST", "/v1/peers/{party}/verify",        PeerVerifyRequest,   PeerVerifyResponse);
  FOCAL_ROUTE(peer_ping,     "POST", "/v1/peers/{party}/ping",          PeerPingRequest,     PeerPingResponse);
  FOCAL_ROUTE(peer_suspend,  "POST", "/v1/peers/{party}/suspend",       PeerSuspendRequest,  PeerTrustResponse);
  FOCAL_ROUTE(peer_resume,   "POST", "/v1/peers/{party}/resume",        PeerResumeRequest,   PeerTrustResponse);
  FOCAL_ROUTE(peer_confirm,  "POST", "/v1/peers/{party}/confirm",       PeerConfirmRequest,  PeerTrustResponse);
  FOCAL_ROUTE(peer_reject,   "POST", "/v1/peers/{party}/reject",        PeerRejectRequest,   PeerTrustResponse);
  FOCAL_ROUTE(peer_seen,     "POST", "/v1/peers/{party}/seen",          PeerSeenRequest,     PeerTrustResponse);
  FOCAL_ROUTE(notes_add,     "POST", "/v1/notes",                       NotesAddRequest,     NotesAddResponse);
  FOCAL_ROUTE(directory_import, "POST", "/v1/directories",              NotesAddRequest,     NotesAddResponse);
  FOCAL_ROUTE(directory_list,"GET",  "/v1/directories",                 DirectoryListRequest,DirectoryListResponse);
  FOCAL_ROUTE(directory_show,"GET",  "/v1/directories/{introducer}",    DirectoryShowRequest,DirectoryShowResponse);
  FOCAL_ROUTE(directory_compare, "GET", "/v1/introductions",            DirectoryCompareRequest, DirectoryCompareResponse);
  FOCAL_ROUTE(pair_show,     "GET",  "/v1/peers/{party}/pair",          PairShowRequest,     PairShowResponse);
  FOCAL_SECRET_OUT_ROUTE(pair_begin, "POST", "/v1/peers/{party}/meet", PairBeginRequest, PairBeginResponse, kMeetingCode);
  FOCAL_SECRET_IN_ROUTE(pair_finish, "POST", "/v1/peers/{party}/meet/finish", PairFinishRequest, PairFinishResponse, kMeetingCode);
  FOCAL_ROUTE(pair_stop,     "POST", "/v1/peers/{party}/meet/stop",     PairStopRequest,     PairStopResponse);
  FOCAL_ROUTE(pair_drop,     "POST", "/v1/peers/{party}/pair/drop",     PairDropRequest,     PairDropResponse);
  // clang-format on
}

template <typename Desk>
void add_people_routes(Router& router, Desk& desk) {
  // clang-format off
  FOCAL_ROUTE(people_list,   "GET",  "/v1/people",                      PeopleListRequest,   PeopleListResponse);
  FOCAL_ROUTE(people_add,    "POST", "/v1/people",                      PeopleAddRequest,    PeopleAddResponse);
  FOCAL_ROUTE(people_show,   "GET",  "/v1/people/{name}",               PeopleShowRequest,   PeopleShowResponse);
  FOCAL_ROUTE(people_role,   "POST", "/v1/people/{name}/role",          PeopleRoleRequest,   PeopleChangeResponse);
  FOCAL_ROUTE(people_remove, "POST", "/v1/people/{name}/remove",        PeopleRemoveRequest, PeopleChangeResponse);
  FOCAL_ROUTE(people_revoke_key, "POST", "/v1/people/{name}/revoke-key", PeopleRevokeKeyRequest, PeopleChangeResponse);
  FOCAL_SECRET_ROUTE(people_key, "POST", "/v1/officer-key",             PeopleKeyRequest,    PeopleKeyResponse);
  FOCAL_TWO_SECRETS_ROUTE(people_passphrase, "POST", "/v1/officer-key/passphrase", PeoplePassphraseRequest, PeopleChangeResponse);
  FOCAL_ROUTE(session_show,  "GET",  "/v1/session",                     SessionShowRequest,  SessionResponse);
  FOCAL_SECRET_IN_ROUTE(session_password, "POST", "/v1/session/password", SessionPasswordRequest, SessionPasswordResponse, kConsolePassword);
  FOCAL_ROUTE(release_list,  "GET",  "/v1/releases",                    ReleaseListRequest,  ReleaseListResponse);
  FOCAL_ROUTE(release_show,  "GET",  "/v1/releases/{id}",               ReleaseShowRequest,  ReleaseShowResponse);
  FOCAL_SECRET_ROUTE(release_approve, "POST", "/v1/releases/{id}/approve", ReleaseApproveRequest, ReleaseDecisionResponse);
  FOCAL_ROUTE(release_reject, "POST", "/v1/releases/{id}/reject",       ReleaseRejectRequest, ReleaseDecisionResponse);
  // clang-format on
}

template <typename Desk>
void add_console_routes(Router& router, Desk& desk) {
  // clang-format off
  FOCAL_ROUTE(schema_show,   "GET",  "/v1/schema",                      SchemaRequest,       SchemaResponse);
  FOCAL_ROUTE(codes_show,    "GET",  "/v1/codes",                       CodesRequest,        CodesResponse);
  FOCAL_ROUTE(suggest,       "POST", "/v1/suggest",                     SuggestRequest,      SuggestResponse);
  FOCAL_ROUTE(record_check,  "POST", "/v1/records/check",               RecordCheckRequest,  RecordCheckResponse);
  FOCAL_ROUTE(draft_list,    "GET",  "/v1/drafts",                      DraftListRequest,    DraftListResponse);
  FOCAL_ROUTE(draft_save,    "POST", "/v1/drafts",                      DraftSaveRequest,    DraftSaveResponse);
  FOCAL_ROUTE(draft_show,    "GET",  "/v1/drafts/{id}",                 DraftShowRequest,    DraftShowResponse);
  FOCAL_ROUTE(draft_drop,    "POST", "/v1/drafts/{id}/drop",            DraftDropRequest,    DraftDropResponse);
  FOCAL_ROUTE(preferences_show, "GET", "/v1/preferences",               PreferencesRequest,  PreferencesResponse);
  FOCAL_ROUTE(preferences_set, "POST", "/v1/preferences",               PreferencesSetRequest, PreferencesResponse);
  // clang-format on
}

template <typename Desk>
void add_desk_routes(Router& router, Desk& desk) {
  add_node_routes(router, desk);
  add_case_routes(router, desk);
  add_trust_routes(router, desk);
  add_people_routes(router, desk);
  add_console_routes(router, desk);
  add_openapi_route(router, [&desk](std::string_view name) -> Rights {
    return {desk.roles_of(name), desk.asks_again(name)};
  });
}

// A link to the console, from whoever has its port. (What that port answers by itself: port_routes.h.)
template <typename Desk>
void add_port_routes(Router& router, Desk& desk) {
  FOCAL_ROUTE(console_link, "POST", "/v1/console/link", ConsoleLinkRequest, ConsoleLinkResponse);
}

}  // namespace focal::api

#undef FOCAL_ROUTE
#undef FOCAL_SECRET_ROUTE
#undef FOCAL_SECRET_IN_ROUTE
#undef FOCAL_TWO_SECRETS_ROUTE
#undef FOCAL_SECRET_OUT_ROUTE
