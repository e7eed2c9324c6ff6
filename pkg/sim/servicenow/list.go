package servicenow

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const limitDefault = 10_000

func (s *Simulator) list(req request) answer {
	limit, refused := number(req.params, "sysparm_limit", limitDefault)
	if refused != nil {
		return refused.answer()
	}
	offset, refused := number(req.params, "sysparm_offset", 0)
	if refused != nil {
		return refused.answer()
	}
	rows := s.instance.Find(req.table, query(req.params))
	if len(rows) == 0 && req.version == "v1" {
		return noRecord()
	}
	shown := []map[string]any{} // an empty list is [], not null
	for _, row := range rows[min(offset, len(rows)):min(offset+limit, len(rows))] {
		shown = append(shown, s.shape(req, row))
	}
	a := result(http.StatusOK, shown)
	if req.params.Get("sysparm_no_count") != "true" {
		a.header.Set("X-Total-Count", strconv.Itoa(len(rows)))
	}
	if link := links(req, offset, limit, len(rows)); link != "" && req.params.Get("sysparm_suppress_pagination_header") != "true" {
		a.header.Set("Link", link)
	}
	return a
}

// query is the encoded query of a request, or what stands for it: its plain field=value pairs.
func query(params url.Values) string {
	if params.Has("sysparm_query") {
		return params.Get("sysparm_query")
	}
	var pairs []string
	for name := range params {
		if !strings.HasPrefix(name, "sysparm_") {
			pairs = append(pairs, name+"="+strings.ReplaceAll(params.Get(name), "^", "^^"))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "^")
}

func number(params url.Values, name string, otherwise int) (int, *refusal) {
	text := params.Get(name)
	if text == "" {
		return otherwise, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, refuse(http.StatusBadRequest, "Invalid value for "+name, "%q is not a number from 0 on", text)
	}
	return n, nil
}

// links leads to the other pages.
func links(req request, offset, limit, total int) string {
	if limit == 0 {
		return ""
	}
	last := max(0, (total-1)/limit*limit)
	var all []string
	add := func(rel string, at int) {
		params := url.Values{}
		for name, values := range req.params {
			params[name] = values
		}
		params.Set("sysparm_limit", strconv.Itoa(limit))
		params.Set("sysparm_offset", strconv.Itoa(at))
		all = append(all, fmt.Sprintf(`<%s/%s?%s>;rel="%s"`, req.base, req.table, params.Encode(), rel))
	}
	add("first", 0)
	if offset > 0 {
		add("prev", max(0, offset-limit))
	}
	if offset+limit < total {
		add("next", offset+limit)
	}
	add("last", last)
	return strings.Join(all, ",")
}
