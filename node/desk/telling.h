// What a node tells without being asked, and whoever is told: the events of live streams, the
// notify program, the export folder, the metrics. Made and destroyed while the loop does not run.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "node/desk/attention.h"
#include "node/desk/events.h"
#include "node/desk/metrics.h"
#include "node/node/backup_keeper.h"

namespace focal::desk {

class BoardJob;
class CaseBoard;
class NotifyHook;
class ExportJob;

class Telling {
 public:
  explicit Telling(node::Node& node);
  ~Telling();
  Telling(const Telling&) = delete;
  Telling& operator=(const Telling&) = delete;

  EventHub& events() { return events_; }
  CaseBoard& board() { return *board_; }  // on the loop's thread
  void start();  // what the configuration asks for; the loop will run, or does
  // Any thread but the loop's, while it runs. Errors of Node::perform().
  Result<Metrics> metrics(const node::BackupState& backups, const ResponseCounts& responses);
  std::vector<std::string> warnings() const;  // for `focal status`; any thread

 private:
  void committed(const store::Txn& txn);

  node::Node& node_;
  EventHub events_;
  AttentionCounter attention_;
  EndedItems ended_;                    // the loop's
  std::unique_ptr<CaseBoard> board_;    // the loop's
  std::unique_ptr<BoardJob> board_job_;
  std::unique_ptr<ExportJob> exports_;  // these two end before what stands above
  std::unique_ptr<NotifyHook> notify_;
};

}  // namespace focal::desk
