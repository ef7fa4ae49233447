// Every operation of the local API without a node behind it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "node/api/desk_routes.h"

namespace focal::api {

// Remembers what was called; with a failure every operation fails with it.
struct FakeDesk {
  std::string called;
  std::string detail;
  std::string secret;
  uid_t uid = 0;
  std::optional<Error> failure;
  RightsOf rights;

  std::vector<std::string> roles_of(std::string_view operation) const {
    return rights ? rights(operation).roles : std::vector<std::string>();
  }
  bool asks_again(std::string_view operation) const {
    return rights && rights(operation).confirmed;
  }
  template <typename Response>
  Result<Response> done(std::string name, std::string what = {}) {
    called = std::move(name);
    detail = std::move(what);
    if (failure) return *failure;
    return Response();
  }
#define FOCAL_FAKE(name, request, response)                 \
  Result<v1::response> name(const v1::request& m) {         \
    return done<v1::response>(#name, m.ShortDebugString()); \
  }
  FOCAL_FAKE(card_show, CardShowRequest, CardShowResponse)
  FOCAL_FAKE(card_export, CardExportRequest, CardExportResponse)
  FOCAL_FAKE(card_custody, CardCustodyRequest, CardCustodyResponse)
  FOCAL_FAKE(card_prepare, CardPrepareRequest, CardPrepareResponse)
  FOCAL_FAKE(card_cancel, CardCancelRequest, CardCancelResponse)
  FOCAL_FAKE(card_apply, CardApplyRequest, CardApplyResponse)
  FOCAL_FAKE(card_revoke, CardRevokeRequest, CardRevokeResponse)
  FOCAL_FAKE(peer_list, PeerListRequest, PeersResponse)
  FOCAL_FAKE(peer_add, PeerAddRequest, PeerAddResponse)
  FOCAL_FAKE(peer_show, PeerDetailsRequest, PeerDetailsResponse)
  FOCAL_FAKE(peer_verify, PeerVerifyRequest, PeerVerifyResponse)
  FOCAL_FAKE(peer_ping, PeerPingRequest, PeerPingResponse)
  FOCAL_FAKE(pair_show, PairShowRequest, PairShowResponse)
  FOCAL_FAKE(doctor, DoctorRequest, DoctorResponse)
  FOCAL_FAKE(session_show, SessionShowRequest, SessionResponse)
  FOCAL_FAKE(console_link, ConsoleLinkRequest, ConsoleLinkResponse)
  Result<v1::SessionPasswordResponse> session_password(const v1::SessionPasswordRequest& m,
                                                       const http::Caller&,
                                                       const crypto::Secret& password) {
    secret = to_string(password.view());
    return done<v1::SessionPasswordResponse>("session_password", m.ShortDebugString());
  }
  Result<v1::PairBeginResponse> pair_begin(const v1::PairBeginRequest& m, crypto::Secret& code) {
    code = crypto::Secret::copy_of(as_bytes("FOCAL:1:A\"B "));
    return done<v1::PairBeginResponse>("pair_begin", m.ShortDebugString());
  }
  FOCAL_FAKE(pair_stop, PairStopRequest, PairStopResponse)
  FOCAL_FAKE(pair_drop, PairDropRequest, PairDropResponse)
  FOCAL_FAKE(card_code, CardCodeRequest, CardCodeResponse)
  FOCAL_FAKE(trace_sheet, TraceSheetRequest, TraceSheetResponse)
  FOCAL_FAKE(trace_list, TraceListRequest, TraceListResponse)
  FOCAL_FAKE(clock_show, ClockShowRequest, ClockShowResponse)
  FOCAL_FAKE(start_show, StartShowRequest, StartShowResponse)
  FOCAL_FAKE(start_override, StartOverrideRequest, StartOverrideResponse)
  FOCAL_FAKE(backup_show, BackupShowRequest, BackupShowResponse)
  FOCAL_FAKE(backup_make, BackupMakeRequest, BackupMakeResponse)
  FOCAL_FAKE(retention_show, RetentionShowRequest, RetentionShowResponse)
  FOCAL_FAKE(retention_run, RetentionRunRequest, RetentionRunResponse)
  FOCAL_FAKE(record_erase, RecordEraseRequest, RecordEraseResponse)
  FOCAL_FAKE(evidence_export, EvidenceExportRequest, EvidenceExportResponse)
  FOCAL_FAKE(evidence_demand, EvidenceDemandRequest, EvidenceDemandResponse)
  FOCAL_FAKE(clock_confirm, ClockConfirmRequest, ClockConfirmResponse)
  FOCAL_FAKE(witness_show, WitnessShowRequest, WitnessShowResponse)
  FOCAL_FAKE(witness_set, WitnessSetRequest, WitnessSetResponse)
  FOCAL_FAKE(keys_show, KeysShowRequest, KeysShowResponse)
  FOCAL_FAKE(keys_replace, KeysReplaceRequest, KeysReplaceResponse)
  FOCAL_FAKE(trace_import, TraceImportRequest, TraceImportResponse)
  FOCAL_FAKE(trace_open, TraceOpenRequest, TraceOpenResponse)
  FOCAL_FAKE(trace_show, TraceShowRequest, TraceShowResponse)
  FOCAL_FAKE(trace_ack, TraceAckRequest, TraceActResponse)
  FOCAL_FAKE(trace_ask, TraceAskRequest, TraceActResponse)
  FOCAL_FAKE(trace_supply, TraceSupplyRequest, TraceActResponse)
  FOCAL_FAKE(trace_delay, TraceDelayRequest, TraceActResponse)
  FOCAL_FAKE(trace_interim, TraceInterimRequest, TraceActResponse)
  FOCAL_FAKE(trace_answer, TraceAnswerRequest, TraceActResponse)
  FOCAL_FAKE(trace_refuse, TraceRefuseRequest, TraceActResponse)
  FOCAL_FAKE(trace_clarify, TraceClarifyRequest, TraceActResponse)
  FOCAL_FAKE(trace_reply, TraceReplyRequest, TraceActResponse)
  FOCAL_FAKE(trace_correct, TraceCorrectRequest, TraceActResponse)
  FOCAL_FAKE(trace_withdraw, TraceWithdrawRequest, TraceActResponse)
  FOCAL_FAKE(trace_close, TraceCloseRequest, TraceActResponse)
  FOCAL_FAKE(trace_reopen, TraceReopenRequest, TraceActResponse)
  FOCAL_FAKE(trace_follow, TraceFollowRequest, TraceFollowResponse)
  FOCAL_FAKE(trace_link, TraceLinkRequest, TraceLinkResponse)
  FOCAL_FAKE(find, FindRequest, FindResponse)
  FOCAL_FAKE(inbox, InboxRequest, InboxResponse)
  FOCAL_FAKE(outbox_list, OutboxListRequest, OutboxListResponse)
  FOCAL_FAKE(outbox_show, OutboxShowRequest, OutboxShowResponse)
  FOCAL_FAKE(outbox_retry, OutboxRetryRequest, OutboxRetryResponse)
  FOCAL_FAKE(ledger_verify, LedgerVerifyRequest, LedgerVerifyResponse)
  FOCAL_FAKE(ledger_tail, LedgerTailRequest, LedgerViewResponse)
  FOCAL_FAKE(ledger_job, LedgerJobRequest, LedgerJobResponse)
  FOCAL_FAKE(ledger_log, LedgerLogRequest, LedgerLogResponse)
  FOCAL_FAKE(ledger_show, LedgerShowRequest, LedgerShowResponse)
  FOCAL_FAKE(ledger_find, LedgerFindRequest, LedgerFindResponse)
  FOCAL_FAKE(ledger_checkpoint, LedgerCheckpointRequest, LedgerCheckpointResponse)
  FOCAL_FAKE(ledger_tiles, LedgerTilesRequest, LedgerFilesResponse)
  FOCAL_FAKE(ledger_entries, LedgerEntriesRequest, LedgerFilesResponse)
  FOCAL_FAKE(peer_suspend, PeerSuspendRequest, PeerTrustResponse)
  FOCAL_FAKE(peer_resume, PeerResumeRequest, PeerTrustResponse)
  FOCAL_FAKE(peer_confirm, PeerConfirmRequest, PeerTrustResponse)
  FOCAL_FAKE(peer_reject, PeerRejectRequest, PeerTrustResponse)
  FOCAL_FAKE(peer_seen, PeerSeenRequest, PeerTrustResponse)
  FOCAL_FAKE(directory_import, NotesAddRequest, NotesAddResponse)
  FOCAL_FAKE(notes_add, NotesAddRequest, NotesAddResponse)
  FOCAL_FAKE(directory_list, DirectoryListRequest, DirectoryListResponse)
  FOCAL_FAKE(directory_show, DirectoryShowRequest, DirectoryShowResponse)
  FOCAL_FAKE(directory_compare, DirectoryCompareRequest, DirectoryCompareResponse)
  FOCAL_FAKE(people_list, PeopleListRequest, PeopleListResponse)
  FOCAL_FAKE(people_add, PeopleAddRequest, PeopleAddResponse)
  FOCAL_FAKE(people_show, PeopleShowRequest, PeopleShowResponse)
  FOCAL_FAKE(people_role, PeopleRoleRequest, PeopleChangeResponse)
  FOCAL_FAKE(people_remove, PeopleRemoveRequest, PeopleChangeResponse)
  FOCAL_FAKE(people_revoke_key, PeopleRevokeKeyRequest, PeopleChangeResponse)
  FOCAL_FAKE(release_list, ReleaseListRequest, ReleaseListResponse)
  FOCAL_FAKE(release_show, ReleaseShowRequest, ReleaseShowResponse)
  FOCAL_FAKE(release_reject, ReleaseRejectRequest, ReleaseDecisionResponse)
  FOCAL_FAKE(schema_show, SchemaRequest, SchemaResponse)
  FOCAL_FAKE(codes_show, CodesRequest, CodesResponse)
  FOCAL_FAKE(suggest, SuggestRequest, SuggestResponse)
  FOCAL_FAKE(record_check, RecordCheckRequest, RecordCheckResponse)
  FOCAL_FAKE(draft_list, DraftListRequest, DraftListResponse)
  FOCAL_FAKE(draft_show, DraftShowRequest, DraftShowResponse)
  FOCAL_FAKE(draft_save, DraftSaveRequest, DraftSaveResponse)
  FOCAL_FAKE(draft_drop, DraftDropRequest, DraftDropResponse)
  FOCAL_FAKE(preferences_show, PreferencesRequest, PreferencesResponse)
  FOCAL_FAKE(preferences_set, PreferencesSetRequest, PreferencesResponse)
#undef FOCAL_FAKE
  // Those that bring a passphrase.
#define FOCAL_FAKE_SECRET(name, request, response)                                             \
  Result<v1::response> name(const v1::request& m, const http::Caller&, const crypto::Secret& s) { \
    secret = to_string(s.view());                                                              \
    return done<v1::response>(#name, m.ShortDebugString());                                    \
  }
  FOCAL_FAKE_SECRET(people_key, PeopleKeyRequest, PeopleKeyResponse)
  FOCAL_FAKE_SECRET(pair_finish, PairFinishRequest, PairFinishResponse)
  FOCAL_FAKE_SECRET(release_approve, ReleaseApproveRequest, ReleaseDecisionResponse)
#undef FOCAL_FAKE_SECRET
  Result<v1::PeopleChangeResponse> people_passphrase(const v1::PeoplePassphraseRequest& m,
                                                     const http::Caller&, const crypto::Secret& old,
                                                     const crypto::Secret& fresh) {
    secret = to_string(old.view()) + " -> " + to_string(fresh.view());
    return done<v1::PeopleChangeResponse>("people_passphrase", m.ShortDebugString());
  }
  Result<v1::StatusResponse> status(const v1::StatusRequest&) {
    FOCAL_TRY(done<v1::StatusResponse>("status"));
    v1::StatusResponse out;
    out.set_party("XA");
    return out;
  }
  // The form that also wants to know who asks.
  Result<v1::OutboxCancelResponse> outbox_cancel(const v1::OutboxCancelRequest& m,
                                                 const http::Caller& caller) {
    uid = caller.uid;
    return done<v1::OutboxCancelResponse>("outbox_cancel", m.ShortDebugString());
  }
};

}  // namespace focal::api
