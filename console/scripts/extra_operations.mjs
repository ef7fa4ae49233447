// Operations of proto/console.proto, for as long as docs/openapi.json does not list them.
export const EXTRA = [
  ['session_open', 'POST', '/v1/session', 'SessionOpenRequest', 'SessionResponse'],
  ['session_show', 'GET', '/v1/session', 'SessionShowRequest', 'SessionResponse'],
  ['session_confirm', 'POST', '/v1/session/confirm', 'SessionConfirmRequest', 'SessionResponse'],
  ['session_end', 'POST', '/v1/session/end', 'SessionEndRequest', 'SessionEndResponse'],
  ['session_password', 'POST', '/v1/session/password', 'SessionPasswordRequest', 'SessionPasswordResponse'],
  ['schema_show', 'GET', '/v1/schema', 'SchemaRequest', 'SchemaResponse'],
  ['codes_show', 'GET', '/v1/codes', 'CodesRequest', 'CodesResponse'],
  ['suggest', 'POST', '/v1/suggest', 'SuggestRequest', 'SuggestResponse'],
  ['record_check', 'POST', '/v1/records/check', 'RecordCheckRequest', 'RecordCheckResponse'],
  ['draft_list', 'GET', '/v1/drafts', 'DraftListRequest', 'DraftListResponse'],
  ['draft_show', 'GET', '/v1/drafts/{id}', 'DraftShowRequest', 'DraftShowResponse'],
  ['draft_save', 'POST', '/v1/drafts', 'DraftSaveRequest', 'DraftSaveResponse'],
  ['draft_drop', 'POST', '/v1/drafts/{id}/drop', 'DraftDropRequest', 'DraftDropResponse'],
  ['preferences_show', 'GET', '/v1/preferences', 'PreferencesRequest', 'PreferencesResponse'],
  ['preferences_set', 'POST', '/v1/preferences', 'PreferencesSetRequest', 'PreferencesResponse'],
  ['doctor', 'GET', '/v1/doctor', 'DoctorRequest', 'DoctorResponse'],
];
