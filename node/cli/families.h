// The commands' functions, one .cc per family; commands.cc joins them to words.
#pragma once

#include <vector>

#include "base/result.h"
#include "node/cli/command.h"

namespace focal::cli {

Result<int> run_init(Session& session, const Values& values);           // node_commands.cc
Result<int> run_card_show(Session& session, const Values& values);      // card_commands.cc
Result<int> run_card_custody(Session& session, const Values& values);
Result<int> run_card_export(Session& session, const Values& values);
Result<int> run_card_renew(Session& session, const Values& values);
Result<int> run_card_replace_keys(Session& session, const Values& values);
Result<int> run_card_rotate(Session& session, const Values& values);
Result<int> run_card_recover(Session& session, const Values& values);
Result<int> run_card_cancel(Session& session, const Values& values);
Result<int> run_card_apply(Session& session, const Values& values);
Result<int> run_card_revoke(Session& session, const Values& values);
Result<int> run_root_make(Session& session, const Values& values);      // root_commands.cc
Result<int> run_root_show(Session& session, const Values& values);
Result<int> run_root_sign(Session& session, const Values& values);
Result<int> run_root_rotate(Session& session, const Values& values);
Result<int> run_root_recover(Session& session, const Values& values);
Result<int> run_root_revoke(Session& session, const Values& values);
Result<int> run_root_directory(Session& session, const Values& values);
Result<int> run_status(Session& session, const Values& values);         // status_command.cc
Result<int> run_doctor(Session& session, const Values& values);         // doctor_command.cc
Result<int> run_ledger_verify(Session& session, const Values& values);  // ledger_commands.cc
Result<int> run_ledger_tail(Session& session, const Values& values);
Result<int> run_ledger_log(Session& session, const Values& values);     // ledger_log_commands.cc
Result<int> run_ledger_show(Session& session, const Values& values);
Result<int> run_ledger_find(Session& session, const Values& values);
Result<int> run_ledger_export(Session& session, const Values& values);  // export_commands.cc
Result<int> run_peer_add(Session& session, const Values& values);       // peer_commands.cc
Result<int> run_peer_list(Session& session, const Values& values);
Result<int> run_peer_show(Session& session, const Values& values);
Result<int> run_peer_verify(Session& session, const Values& values);
Result<int> run_peer_ping(Session& session, const Values& values);
Result<int> run_peer_meet(Session& session, const Values& values);      // pair_commands.cc
Result<int> run_peer_pair(Session& session, const Values& values);
Result<int> run_peer_code(Session& session, const Values& values);
Result<int> run_peer_suspend(Session& session, const Values& values);   // trust_commands.cc
Result<int> run_peer_resume(Session& session, const Values& values);
Result<int> run_peer_confirm(Session& session, const Values& values);
Result<int> run_peer_reject(Session& session, const Values& values);
Result<int> run_peer_seen(Session& session, const Values& values);
Result<int> run_notes_add(Session& session, const Values& values);
Result<int> run_directory_import(Session& session, const Values& values);
Result<int> run_directory_list(Session& session, const Values& values);
Result<int> run_directory_show(Session& session, const Values& values);
Result<int> run_directory_compare(Session& session, const Values& values);
Result<int> run_trace_open(Session& session, const Values& values);     // open_commands.cc
Result<int> run_trace_import(Session& session, const Values& values);   // import_command.cc
Result<int> run_trace_follow(Session& session, const Values& values);
Result<int> run_trace_link(Session& session, const Values& values);
Result<int> run_trace_list(Session& session, const Values& values);     // trace_commands.cc
Result<int> run_trace_show(Session& session, const Values& values);
Result<int> run_trace_sheet(Session& session, const Values& values);    // sheet_command.cc
Result<int> run_trace_ack(Session& session, const Values& values);      // act_commands.cc
Result<int> run_trace_ask(Session& session, const Values& values);
Result<int> run_trace_supply(Session& session, const Values& values);
Result<int> run_trace_delay(Session& session, const Values& values);
Result<int> run_trace_interim(Session& session, const Values& values);
Result<int> run_trace_answer(Session& session, const Values& values);
Result<int> run_trace_refuse(Session& session, const Values& values);
Result<int> run_trace_clarify(Session& session, const Values& values);
Result<int> run_trace_reply(Session& session, const Values& values);
Result<int> run_trace_correct(Session& session, const Values& values);
Result<int> run_trace_withdraw(Session& session, const Values& values);
Result<int> run_trace_close(Session& session, const Values& values);
Result<int> run_trace_reopen(Session& session, const Values& values);
Result<int> run_find(Session& session, const Values& values);           // find_command.cc
Result<int> run_inbox(Session& session, const Values& values);          // box_commands.cc
Result<int> run_outbox(Session& session, const Values& values);
Result<int> run_outbox_retry(Session& session, const Values& values);
Result<int> run_outbox_cancel(Session& session, const Values& values);
Result<int> run_clock(Session& session, const Values& values);          // clock_commands.cc
Result<int> run_clock_confirm(Session& session, const Values& values);
Result<int> run_witness_show(Session& session, const Values& values);   // witness_commands.cc
Result<int> run_witness_set(Session& session, const Values& values);
Result<int> run_witness_auto(Session& session, const Values& values);
Result<int> run_keys(Session& session, const Values& values);
Result<int> run_keys_replace(Session& session, const Values& values);

Result<int> run_people_list(Session& session, const Values& values);    // people_commands.cc
Result<int> run_people_show(Session& session, const Values& values);
Result<int> run_people_add(Session& session, const Values& values);
Result<int> run_people_role(Session& session, const Values& values);
Result<int> run_people_remove(Session& session, const Values& values);
Result<int> run_people_key(Session& session, const Values& values);
Result<int> run_people_passphrase(Session& session, const Values& values);
Result<int> run_people_revoke_key(Session& session, const Values& values);
Result<int> run_release_list(Session& session, const Values& values);   // release_commands.cc
Result<int> run_release_show(Session& session, const Values& values);
Result<int> run_release_approve(Session& session, const Values& values);
Result<int> run_release_reject(Session& session, const Values& values);

Result<int> run_backup_make(Session& session, const Values& values);    // backup_commands.cc
Result<int> run_backup_show(Session& session, const Values& values);
Result<int> run_restore(Session& session, const Values& values);
Result<int> run_start_show(Session& session, const Values& values);
Result<int> run_start_override(Session& session, const Values& values);

std::vector<Command> open_table();  // parts of commands(): open_table.cc, act_table.cc, …
std::vector<Command> act_table();
std::vector<Command> witness_table();                                   // witness_commands.cc
std::vector<Command> clock_table();                                     // clock_commands.cc
std::vector<Command> doctor_table();                                    // doctor_command.cc
Result<int> run_retention_show(Session& session, const Values& values);  // retention_commands.cc
Result<int> run_retention_run(Session& session, const Values& values);
Result<int> run_erase(Session& session, const Values& values);
Result<int> run_evidence_export(Session& session, const Values& values);  // evidence_commands.cc
Result<int> run_evidence_demand(Session& session, const Values& values);
std::vector<Command> evidence_table();                                  // evidence_commands.cc
std::vector<Command> retention_table();                                 // retention_commands.cc
std::vector<Command> backup_table();                                    // backup_commands.cc
std::vector<Command> ledger_table();  // ledger_table.cc
std::vector<Command> card_table();  // custody_table.cc
std::vector<Command> root_table();
std::vector<Command> peer_table();
std::vector<Command> people_table();  // people_table.cc
std::vector<Command> release_table();

// Where an officer's own passphrase comes from. fresh: a new one, typed twice.
struct PassphraseSource;
PassphraseSource officer_passphrase(const Values& values, bool fresh);
std::vector<Command> pair_table();  // pair_commands.cc
Result<int> run_console(Session& session, const Values& values);  // console_commands.cc
Result<int> run_console_password(Session& session, const Values& values);
std::vector<Command> console_table();
std::vector<Command> form_table();  // form_commands.cc
std::vector<Command> draft_table();  // draft_commands.cc

}  // namespace focal::cli
