// Everything a person can ask of a node: one method per use-case. The API, the
// command line and the console call nothing else. Each method hands its work to
// the node's loop and waits: when it returns well, what it did is committed. Acts that leave a
// trace are told who calls. Whether the caller may is asked before, once for all (permit()).
//
// Acts that a rule of the configuration asks about may end with kAwaitsRelease: nothing was done,
// and the act is stored for a second officer (node/desk/release.h).
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/caller.h"
#include "base/result.h"
#include "crypto/keystore.h"
#include "node/desk/acting.h"
#include "node/desk/bundle_shelf.h"
#include "node/desk/ledger_job.h"
#include "node/desk/people.h"
#include "node/desk/personal_files.h"
#include "node/desk/telling.h"
#include "node/node/node.h"

namespace focal::api::v1 {
class StatusRequest; class StatusResponse;
class CardShowRequest; class CardShowResponse;
class CardExportRequest; class CardExportResponse;
class PeerListRequest; class PeersResponse;
class PeerAddRequest; class PeerAddResponse;
class PeerDetailsRequest; class PeerDetailsResponse;
class PeerVerifyRequest; class PeerVerifyResponse;
class PeerPingRequest; class PeerPingResponse;
class PairShowRequest; class PairShowResponse;
class SessionShowRequest; class SessionResponse;
class SessionPasswordRequest; class SessionPasswordResponse;
class PairBeginRequest; class PairBeginResponse;
class PairStopRequest; class PairStopResponse;
class PairFinishRequest; class PairFinishResponse;
class PairDropRequest; class PairDropResponse;
class CardCodeRequest; class CardCodeResponse;
class PeerSuspendRequest; class PeerResumeRequest;
class PeerConfirmRequest; class PeerRejectRequest; class PeerSeenRequest; class PeerTrustResponse;
class NotesAddRequest; class NotesAddResponse;
class DirectoryListRequest; class DirectoryListResponse;
class DirectoryShowRequest; class DirectoryShowResponse;
class DirectoryCompareRequest; class DirectoryCompareResponse;
class TraceListRequest; class TraceListResponse;
class TraceOpenRequest; class TraceOpenResponse;
class TraceShowRequest; class TraceShowResponse;
class TraceSheetRequest; class TraceSheetResponse;
class TraceImportRequest; class TraceImportResponse;
class TraceAckRequest; class TraceAskRequest; class TraceSupplyRequest; class TraceDelayRequest;
class TraceInterimRequest; class TraceAnswerRequest; class TraceRefuseRequest;
class TraceClarifyRequest; class TraceReplyRequest; class TraceCorrectRequest;
class TraceWithdrawRequest; class TraceCloseRequest; class TraceReopenRequest;
class TraceActResponse;
class TraceFollowRequest; class TraceFollowResponse;
class TraceLinkRequest; class TraceLinkResponse;
class InboxRequest; class InboxResponse;
class FindRequest; class FindResponse;
class OutboxListRequest; class OutboxListResponse;
class OutboxShowRequest; class OutboxShowResponse;
class OutboxRetryRequest; class OutboxRetryResponse;
class OutboxCancelRequest; class OutboxCancelResponse;
class LedgerVerifyRequest; class LedgerVerifyResponse;
class ClockShowRequest; class ClockShowResponse;
class WitnessShowRequest; class WitnessShowResponse;
class WitnessSetRequest; class WitnessSetResponse;
class ClockConfirmRequest; class ClockConfirmResponse;
class KeysShowRequest; class KeysShowResponse;
class KeysReplaceRequest; class KeysReplaceResponse;
class CardCustodyRequest; class CardCustodyResponse;
class CardPrepareRequest; class CardPrepareResponse;
class CardCancelRequest; class CardCancelResponse;
class CardApplyRequest; class CardApplyResponse;
class LedgerTailRequest; class LedgerViewResponse;
class LedgerLogRequest; class LedgerLogResponse;
class LedgerShowRequest; class LedgerShowResponse;
class LedgerFindRequest; class LedgerFindResponse;
class LedgerCheckpointRequest; class LedgerCheckpointResponse;
class LedgerTilesRequest; class LedgerEntriesRequest; class LedgerFilesResponse;
class LedgerJobRequest; class LedgerJobResponse;
class CardRevokeRequest; class CardRevokeResponse;
class PeopleListRequest; class PeopleListResponse;
class PeopleShowRequest; class PeopleShowResponse;
class PeopleAddRequest; class PeopleAddResponse;
class PeopleRoleRequest; class PeopleRemoveRequest; class PeopleRevokeKeyRequest;
class PeopleChangeResponse;
class PeopleKeyRequest; class PeopleKeyResponse; class PeoplePassphraseRequest;
class ReleaseListRequest; class ReleaseListResponse;
class ReleaseShowRequest; class ReleaseShowResponse;
class ReleaseApproveRequest; class ReleaseRejectRequest; class ReleaseDecisionResponse;
class StoredRelease;
class SchemaRequest; class SchemaResponse;
class CodesRequest; class CodesResponse;
class SuggestRequest; class SuggestResponse;
class RecordCheckRequest; class RecordCheckResponse;
class DraftListRequest; class DraftListResponse;
class DraftShowRequest; class DraftShowResponse;
class DraftSaveRequest; class DraftSaveResponse;
class DraftDropRequest; class DraftDropResponse;
class PreferencesRequest; class PreferencesSetRequest; class PreferencesResponse;
class StartShowRequest; class StartShowResponse;
class StartOverrideRequest; class StartOverrideResponse;
class BackupShowRequest; class BackupShowResponse;
class BackupMakeRequest; class BackupMakeResponse;
class RetentionShowRequest; class RetentionShowResponse;
class RetentionRunRequest; class RetentionRunResponse;
class RecordEraseRequest; class RecordEraseResponse;
class EvidenceExportRequest; class EvidenceExportResponse;
class EvidenceDemandRequest; class EvidenceDemandResponse;
class DoctorRequest; class DoctorResponse;
}  // namespace focal::api::v1

namespace google::protobuf {
class Message;
}

namespace focal::node {
class BackupKeeper;
}

namespace focal::desk {

namespace v1 = focal::api::v1;

class Prober;

class Desk {
 public:
  // While the loop does not run yet. officer_kdf: cost of new officers' keystores.
  explicit Desk(node::Node& node, crypto::KdfCost officer_kdf = crypto::kKdfDefault);
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // desk.cc. Well: the persons could be read; otherwise nobody may do anything.
  Status ready() const;
  // Which person of this node the user is, as PersonOf. May it do that? Any thread. kPermission.
  std::optional<std::int64_t> person_of(uid_t uid) const;
  Status permit(std::string_view operation, const Caller& caller) const;
  // Names of the roles that may do it; none: nobody.
  static std::vector<std::string> roles_of(std::string_view operation);
  // Does a session have to show again who it is?
  static bool asks_again(std::string_view operation);

  // desk_status.cc
  Result<v1::StatusResponse> status(const v1::StatusRequest& request);
  Result<v1::CardShowResponse> card_show(const v1::CardShowRequest& request);
  Result<v1::CardExportResponse> card_export(const v1::CardExportRequest& request);

  // desk_doctor.cc; what it finds: doctor.h. Takes up to eight seconds, not on the loop.
  Result<v1::DoctorResponse> doctor(const v1::DoctorRequest& request, const Caller& caller);

  // desk_backup.cc
  Result<v1::StartShowResponse> start_show(const v1::StartShowRequest& request);
  Result<v1::StartOverrideResponse> start_override(const v1::StartOverrideRequest& request,
                                                   const Caller& caller);
  Result<v1::BackupShowResponse> backup_show(const v1::BackupShowRequest& request);
  Result<v1::BackupMakeResponse> backup_make(const v1::BackupMakeRequest& request,
                                             const Caller& caller);
  // The copies that the configuration asks for, from now on: once the loop runs, which they use.
  void keep_backups();

  // What changes, as it does; closed before whoever listens has to be gone (telling.h). Any thread.
  EventHub& events() { return telling_.events(); }
  // The notify program and the export folder, where they are configured: once the loop runs.
  void tell_others() { telling_.start(); }
  // For a page of metrics; not on the loop's thread. Errors of Node::perform().
  Result<Metrics> metrics(const ResponseCounts& responses);

  // desk_erase.cc; what they do: erase.h, node/node/erasure.h
  Result<v1::RetentionShowResponse> retention_show(const v1::RetentionShowRequest& request);
  Result<v1::RetentionRunResponse> retention_run(const v1::RetentionRunRequest& request,
                                                 const Caller& caller);
  Result<v1::RecordEraseResponse> record_erase(const v1::RecordEraseRequest& request,
                                               const Caller& caller);

  // desk_peer.cc. peer_add pins at NONE; only peer_verify with the right sixty
  // digits raises to VERIFIED.
  Result<v1::PeersResponse> peer_list(const v1::PeerListRequest& request);
  Result<v1::PeerAddResponse> peer_add(const v1::PeerAddRequest& request, const Caller& caller);
  Result<v1::PeerDetailsResponse> peer_show(const v1::PeerDetailsRequest& request);
  Result<v1::PeerVerifyResponse> peer_verify(const v1::PeerVerifyRequest& request,
                                             const Caller& caller);
  Result<v1::PeerPingResponse> peer_ping(const v1::PeerPingRequest& request, const Caller& caller);

  // desk_pair.cc; what they do: pair.h
  Result<v1::PairShowResponse> pair_show(const v1::PairShowRequest& request);
  Result<v1::PairBeginResponse> pair_begin(const v1::PairBeginRequest& request,
                                           crypto::Secret& code);
  Result<v1::PairStopResponse> pair_stop(const v1::PairStopRequest& request);
  Result<v1::PairFinishResponse> pair_finish(const v1::PairFinishRequest& request,
                                             const Caller& caller, const crypto::Secret& code);
  Result<v1::PairDropResponse> pair_drop(const v1::PairDropRequest& request,
                                         const Caller& caller);
  Result<v1::CardCodeResponse> card_code(const v1::CardCodeRequest& request);

  // desk_trust.cc; what they do: peer_decisions.h, notes_add.h
  Result<v1::PeerTrustResponse> peer_suspend(const v1::PeerSuspendRequest& request,
                                             const Caller& caller);
  Result<v1::PeerTrustResponse> peer_resume(const v1::PeerResumeRequest& request,
                                            const Caller& caller);
  Result<v1::PeerTrustResponse> peer_confirm(const v1::PeerConfirmRequest& request,
                                             const Caller& caller);
  Result<v1::PeerTrustResponse> peer_reject(const v1::PeerRejectRequest& request,
                                            const Caller& caller);
  Result<v1::PeerTrustResponse> peer_seen(const v1::PeerSeenRequest& request,
                                          const Caller& caller);
  Result<v1::NotesAddResponse> notes_add(const v1::NotesAddRequest& request, const Caller& caller);

  // A file of directories and nothing else; who may not do this adds none by notes_add either.
  Result<v1::NotesAddResponse> directory_import(const v1::NotesAddRequest& request,
                                                const Caller& caller);

  // desk_directory.cc; what they show: directories.h
  Result<v1::DirectoryListResponse> directory_list(const v1::DirectoryListRequest& request);
  Result<v1::DirectoryShowResponse> directory_show(const v1::DirectoryShowRequest& request);
  Result<v1::DirectoryCompareResponse> directory_compare(
      const v1::DirectoryCompareRequest& request);

  // desk_trace.cc; what they do: acts.h, case_views.h
  Result<v1::TraceOpenResponse> trace_open(const v1::TraceOpenRequest& request,
                                           const Caller& caller);
  Result<v1::TraceActResponse> trace_ack(const v1::TraceAckRequest& request, const Caller& caller);
  Result<v1::TraceActResponse> trace_ask(const v1::TraceAskRequest& request, const Caller& caller);
  Result<v1::TraceActResponse> trace_supply(const v1::TraceSupplyRequest& request,
                                            const Caller& caller);
  Result<v1::TraceActResponse> trace_delay(const v1::TraceDelayRequest& request,
                                           const Caller& caller);
  Result<v1::TraceActResponse> trace_interim(const v1::TraceInterimRequest& request,
                                             const Caller& caller);
  Result<v1::TraceActResponse> trace_answer(const v1::TraceAnswerRequest& request,
                                            const Caller& caller);
  Result<v1::TraceActResponse> trace_refuse(const v1::TraceRefuseRequest& request,
                                            const Caller& caller);
  Result<v1::TraceActResponse> trace_clarify(const v1::TraceClarifyRequest& request,
                                             const Caller& caller);
  Result<v1::TraceActResponse> trace_reply(const v1::TraceReplyRequest& request,
                                           const Caller& caller);
  Result<v1::TraceActResponse> trace_correct(const v1::TraceCorrectRequest& request,
                                             const Caller& caller);
  Result<v1::TraceActResponse> trace_withdraw(const v1::TraceWithdrawRequest& request,
                                              const Caller& caller);
  Result<v1::TraceActResponse> trace_close(const v1::TraceCloseRequest& request,
                                           const Caller& caller);
  Result<v1::TraceActResponse> trace_reopen(const v1::TraceReopenRequest& request,
                                            const Caller& caller);
  Result<v1::TraceFollowResponse> trace_follow(const v1::TraceFollowRequest& request,
                                               const Caller& caller);
  Result<v1::TraceLinkResponse> trace_link(const v1::TraceLinkRequest& request,
                                           const Caller& caller);
  Result<v1::TraceListResponse> trace_list(const v1::TraceListRequest& request);
  // By an officer: senders of records that were not opened before are told ([desk] tell_opened).
  Result<v1::TraceShowResponse> trace_show(const v1::TraceShowRequest& request,
                                           const Caller& caller);
  Result<v1::InboxResponse> inbox(const v1::InboxRequest& request);

  // desk_sheet.cc; what it holds: sheet.h
  Result<v1::TraceSheetResponse> trace_sheet(const v1::TraceSheetRequest& request,
                                             const Caller& caller);

  // desk_find.cc; what it finds: find.h
  Result<v1::FindResponse> find(const v1::FindRequest& request);

  // desk_seizure.cc; what it does: seizure.h
  Result<v1::TraceImportResponse> trace_import(const v1::TraceImportRequest& request,
                                               const Caller& caller);

  // desk_forms.cc; what they show: form_schema.h, form_help.h
  Result<v1::SchemaResponse> schema_show(const v1::SchemaRequest& request);
  Result<v1::CodesResponse> codes_show(const v1::CodesRequest& request);
  Result<v1::SuggestResponse> suggest(const v1::SuggestRequest& request);
  Result<v1::RecordCheckResponse> record_check(const v1::RecordCheckRequest& request);

  // desk_drafts.cc; the caller's own alone: personal_files.h
  Result<v1::DraftListResponse> draft_list(const v1::DraftListRequest& request,
                                           const Caller& caller);
  Result<v1::DraftShowResponse> draft_show(const v1::DraftShowRequest& request,
                                           const Caller& caller);
  Result<v1::DraftSaveResponse> draft_save(const v1::DraftSaveRequest& request,
                                           const Caller& caller);
  Result<v1::DraftDropResponse> draft_drop(const v1::DraftDropRequest& request,
                                           const Caller& caller);
  Result<v1::PreferencesResponse> preferences_show(const v1::PreferencesRequest& request,
                                                   const Caller& caller);
  Result<v1::PreferencesResponse> preferences_set(const v1::PreferencesSetRequest& request,
                                                  const Caller& caller);

  // desk_outbox.cc
  Result<v1::OutboxListResponse> outbox_list(const v1::OutboxListRequest& request);
  Result<v1::OutboxShowResponse> outbox_show(const v1::OutboxShowRequest& request);
  Result<v1::OutboxRetryResponse> outbox_retry(const v1::OutboxRetryRequest& request,
                                               const Caller& caller);
  Result<v1::OutboxCancelResponse> outbox_cancel(const v1::OutboxCancelRequest& request,
                                                 const Caller& caller);

  // desk_card.cc. After card_apply the node ends its run and wants to be opened again.
  Result<v1::CardCustodyResponse> card_custody(const v1::CardCustodyRequest& request);
  Result<v1::CardPrepareResponse> card_prepare(const v1::CardPrepareRequest& request);
  Result<v1::CardCancelResponse> card_cancel(const v1::CardCancelRequest& request);
  Result<v1::CardApplyResponse> card_apply(const v1::CardApplyRequest& request,
                                           const Caller& caller);

  Result<v1::CardRevokeResponse> card_revoke(const v1::CardRevokeRequest& request,
                                             const Caller& caller);

  // desk_ledger.cc
  Result<v1::LedgerVerifyResponse> ledger_verify(const v1::LedgerVerifyRequest& request);
  Result<v1::LedgerViewResponse> ledger_tail(const v1::LedgerTailRequest& request);

  // desk_log.cc; what they show: ledger_log.h, ledger_tiles.h, ledger_job.h
  Result<v1::LedgerLogResponse> ledger_log(const v1::LedgerLogRequest& request);
  Result<v1::LedgerShowResponse> ledger_show(const v1::LedgerShowRequest& request);
  Result<v1::LedgerFindResponse> ledger_find(const v1::LedgerFindRequest& request);
  Result<v1::LedgerCheckpointResponse> ledger_checkpoint(
      const v1::LedgerCheckpointRequest& request);
  Result<v1::LedgerFilesResponse> ledger_tiles(const v1::LedgerTilesRequest& request);
  Result<v1::LedgerFilesResponse> ledger_entries(const v1::LedgerEntriesRequest& request);
  Result<v1::LedgerJobResponse> ledger_job(const v1::LedgerJobRequest& request);

  // desk_evidence.cc; what they do: evidence.h. The answer to evidence_export is the first page;
  // the others are asked for by its number.
  Result<v1::EvidenceExportResponse> evidence_export(const v1::EvidenceExportRequest& request,
                                                     const Caller& caller);
  Result<v1::EvidenceDemandResponse> evidence_demand(const v1::EvidenceDemandRequest& request,
                                                     const Caller& caller);

  // desk_clock.cc; what they do: clock.h
  Result<v1::ClockShowResponse> clock_show(const v1::ClockShowRequest& request);
  Result<v1::ClockConfirmResponse> clock_confirm(const v1::ClockConfirmRequest& request,
                                                 const Caller& caller);
  Result<v1::KeysShowResponse> keys_show(const v1::KeysShowRequest& request);
  Result<v1::KeysReplaceResponse> keys_replace(const v1::KeysReplaceRequest& request,
                                               const Caller& caller);

  // desk_witness.cc; what they do: witness.h
  Result<v1::WitnessShowResponse> witness_show(const v1::WitnessShowRequest& request);
  Result<v1::WitnessSetResponse> witness_set(const v1::WitnessSetRequest& request,
                                             const Caller& caller);

  // desk_people.cc
  Result<v1::PeopleListResponse> people_list(const v1::PeopleListRequest& request);
  Result<v1::PeopleShowResponse> people_show(const v1::PeopleShowRequest& request);
  Result<v1::PeopleAddResponse> people_add(const v1::PeopleAddRequest& request,
                                           const Caller& caller);
  Result<v1::PeopleChangeResponse> people_role(const v1::PeopleRoleRequest& request,
                                               const Caller& caller);
  Result<v1::PeopleChangeResponse> people_remove(const v1::PeopleRemoveRequest& request,
                                                 const Caller& caller);
  Result<v1::PeopleChangeResponse> people_revoke_key(const v1::PeopleRevokeKeyRequest& request,
                                                     const Caller& caller);
  Result<v1::PeopleKeyResponse> people_key(const v1::PeopleKeyRequest& request,
                                           const Caller& caller, const crypto::Secret& passphrase);
  // desk_console.cc
  Result<v1::SessionResponse> session_show(const v1::SessionShowRequest& request,
                                           const Caller& caller);
  Result<v1::SessionPasswordResponse> session_password(const v1::SessionPasswordRequest& request,
                                                       const Caller& caller,
                                                       const crypto::Secret& password);
  // The user of that name, or that user, if the password is theirs; any thread. kPassphrase.
  Result<uid_t> console_user(const std::string& name, std::optional<uid_t> of,
                             const crypto::Secret& password) const;
  Result<v1::PeopleChangeResponse> people_passphrase(const v1::PeoplePassphraseRequest& request,
                                                     const Caller& caller,
                                                     const crypto::Secret& old,
                                                     const crypto::Secret& fresh);

  // desk_release.cc
  Result<v1::ReleaseListResponse> release_list(const v1::ReleaseListRequest& request,
                                               const Caller& caller);
  Result<v1::ReleaseShowResponse> release_show(const v1::ReleaseShowRequest& request,
                                               const Caller& caller);
  Result<v1::ReleaseDecisionResponse> release_approve(const v1::ReleaseApproveRequest& request,
                                                      const Caller& caller,
                                                      const crypto::Secret& passphrase);
  Result<v1::ReleaseDecisionResponse> release_reject(const v1::ReleaseRejectRequest& request,
                                                     const Caller& caller);

  // Who acts, with the policy that holds once persons are named. Both are asked again before
  // anything leaves or changes (By::rights). Any thread; valid while the desk is.
  By acting(const Caller& caller, std::string_view operation) const;

 private:
  struct Mine;                                   // what the caller keeps here
  Result<Mine> mine(const Caller& caller, bool writes);
  void persons_changed();                        // on the loop's thread, or before it runs
  void drop_drafts_about(const std::string& case_number);
  const config::ReleasePolicy* policy_for(const Roster& roster) const;
  Status may_see_persons(const Caller& caller) const;  // kPermission
  Result<std::filesystem::path> ledger_file();
  Result<v1::PeopleChangeResponse> change_person(
      const std::string& name, const By& by, const std::string& reason,
      const std::function<Status(const Roster&, Person&, const Now&)>& change);
  Result<Second> second_officer(const v1::ReleaseApproveRequest& request, const Caller& caller,
                                const crypto::SigningKey& key);
  Status check_second(std::int64_t id, const Caller& caller, const crypto::PublicKey& key,
                      const Now& now);
  Status do_released(const v1::StoredRelease& stored, By& by,
                     v1::ReleaseDecisionResponse* out);
  // Acts that can wait for a second officer: by the one who asks, or again with a Second.
  Result<v1::PeerAddResponse> add_peer(const v1::PeerAddRequest& request, By& by);
  Result<v1::PeerTrustResponse> confirm_peer(const v1::PeerConfirmRequest& request, By& by);
  Result<v1::NotesAddResponse> take_notes(const v1::NotesAddRequest& request, By& by,
                                          bool directories);
  Result<v1::TraceOpenResponse> open_trace(const v1::TraceOpenRequest& request, By& by);
  Result<v1::TraceActResponse> act_in_case(const google::protobuf::Message& request, By& by);
  Result<v1::TraceImportResponse> import_traces(const v1::TraceImportRequest& request, By& by);

  Status may_ask_peer(const Caller& caller) const;     // kPermission
  Result<v1::DoctorResponse> doctor_of(const std::string& party, bool ask,
                                       const std::string& lang);

  std::unique_ptr<node::BackupKeeper> make_keeper();
  Result<v1::RecordEraseResponse> erase(const v1::RecordEraseRequest& request, By& by);
  // A backup for the replacing of keys, on a thread of its own.
  void give_backups();
  struct FreshBackup;

  node::Node& node_;
  People people_;
  PersonalFiles personal_;
  crypto::KdfCost officer_kdf_;
  std::uint64_t next_chore_ms_ = 0;  // monotonic; the loop's
  std::mutex key_files_;      // held by the one who makes or opens an officer's key
  LedgerJob ledger_job_;
  BundleShelf bundles_;
  std::mutex sending_list_;  // held by the one who sends a seizure list
  std::unique_ptr<Prober> prober_;
  std::unique_ptr<node::BackupKeeper> keeper_;  // its thread ends before what stands above
  std::shared_ptr<FreshBackup> fresh_backup_;   // … and this one before the keeper
  Telling telling_;                             // … and its threads before all of it
};

// In a sentence: the owner is the node's only person.
std::string owner_note(const Roster& roster);

}  // namespace focal::desk
