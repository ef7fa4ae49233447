// What a form needs. Nothing of it is in the ledger, so that the loop is not asked.
#include "node/desk/desk.h"
#include "node/desk/form_help.h"
#include "node/desk/form_schema.h"
#include "proto/console.pb.h"

namespace focal::desk {

Result<v1::SchemaResponse> Desk::schema_show(const v1::SchemaRequest& request) {
  v1::SchemaResponse out;
  FOCAL_TRY(show_schema(request, &out));
  return out;
}

Result<v1::CodesResponse> Desk::codes_show(const v1::CodesRequest& request) {
  v1::CodesResponse out;
  FOCAL_TRY(show_codes(request, &out));
  return out;
}

Result<v1::SuggestResponse> Desk::suggest(const v1::SuggestRequest& request) {
  v1::SuggestResponse out;
  FOCAL_TRY(suggest_names(request, &out));
  return out;
}

Result<v1::RecordCheckResponse> Desk::record_check(const v1::RecordCheckRequest& request) {
  v1::RecordCheckResponse out;
  FOCAL_TRY(check_record(request, node_.config().party, &out));
  return out;
}

}  // namespace focal::desk
