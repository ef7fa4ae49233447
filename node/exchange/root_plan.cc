#include "node/exchange/root_plan.h"

#include "crypto/note.h"
#include "node/exchange/lines.h"

namespace focal::exchange {
namespace {

constexpr std::string_view kFirstLine = "focal-root-plan/v1";

}  // namespace

Result<RootPlan> parse_root_plan(std::string_view bytes) {
  if (bytes.size() > kMaxPlanSize)
    return fail(ErrorCode::kLimit, "the plan of the root is larger than 2 KiB",
                "This is probably another file.", "plan");
  FOCAL_ASSIGN(const crypto::Note note, crypto::parse_note(bytes));
  Lines in(note.text, "plan");
  RootPlan plan;
  FOCAL_TRY(in.take_first(kFirstLine));
  FOCAL_ASSIGN(plan.party, in.take_party("party"));
  FOCAL_ASSIGN(plan.root, in.take_hash("root"));
  FOCAL_ASSIGN(plan.next, in.take_hash("next"));
  FOCAL_TRY(in.done());
  if (!crypto::is_usable_public_key(plan.root) || next_root_hash(plan.root) == plan.next)
    return fail(ErrorCode::kCardKey, "the plan names a root that cannot be used",
                "Make the plan anew on the root machine.", "plan.root");
  FOCAL_TRY(crypto::check_note(note, {{root_name(plan.party), plan.root}}));
  return plan;
}

Result<std::string> make_root_plan(const RootPlan& plan, const crypto::SigningKey& root) {
  crypto::Note note;
  note.text.append(kFirstLine).append("\nparty ").append(plan.party);
  note.text.append("\nroot ").append(base64(root.pk));
  note.text.append("\nnext ").append(base64(plan.next)).append("\n");
  crypto::sign_note(note, root_name(plan.party), root);
  std::string out = crypto::format_note(note);
  FOCAL_TRY(parse_root_plan(out));
  return out;
}

}  // namespace focal::exchange
