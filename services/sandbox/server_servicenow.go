package sandbox

import (
	"context"

	"example.com/handover/pkg/sim/servicenow"
	sandboxv1 "example.com/handover/proto/gen/handover/sandbox/v1"
)

func (s *server) ListServiceNowRecords(
	_ context.Context, req *sandboxv1.ListServiceNowRecordsRequest,
) (*sandboxv1.ListServiceNowRecordsResponse, error) {
	from, err := place(req.GetPageToken())
	if err != nil {
		return nil, err
	}
	page, next := cut(s.worlds.servicenow.Records(req.GetTable(), req.GetCorrelationId()), from, req.GetPageSize())
	resp := &sandboxv1.ListServiceNowRecordsResponse{NextPageToken: next}
	for _, r := range page {
		resp.Records = append(resp.Records, toRecord(r))
	}
	return resp, nil
}

func (s *server) ResolveServiceNowRecord(
	_ context.Context, req *sandboxv1.ResolveServiceNowRecordRequest,
) (*sandboxv1.ResolveServiceNowRecordResponse, error) {
	if err := s.worlds.servicenow.Resolve(req.GetSysId(), req.GetCode(), req.GetNotes()); err != nil {
		return nil, refusal(err)
	}
	r, err := s.worlds.servicenow.Record(req.GetSysId())
	return &sandboxv1.ResolveServiceNowRecordResponse{Record: toRecord(r)}, err
}

func (s *server) UpdateServiceNowRecord(
	_ context.Context, req *sandboxv1.UpdateServiceNowRecordRequest,
) (*sandboxv1.UpdateServiceNowRecordResponse, error) {
	if err := s.worlds.servicenow.Update(req.GetSysId(), req.GetFields()); err != nil {
		return nil, refusal(err)
	}
	r, err := s.worlds.servicenow.Record(req.GetSysId())
	return &sandboxv1.UpdateServiceNowRecordResponse{Record: toRecord(r)}, err
}

func toRecord(r servicenow.Record) *sandboxv1.ServiceNowRecord {
	out := &sandboxv1.ServiceNowRecord{
		Table: r.Table, SysId: r.SysID, Number: r.Fields["number"], CorrelationId: r.Fields["correlation_id"], Fields: r.Fields,
	}
	for _, n := range r.Notes {
		out.Journal = append(out.Journal, n.On+" "+n.By+", "+n.Element+": "+n.Text)
	}
	return out
}
