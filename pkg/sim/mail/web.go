package mail

import (
	"embed"
	"encoding/json"
	"html/template"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"example.com/handover/pkg/errs"
)

//go:embed page/*.html
var pages embed.FS

const (
	pagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-src 'self'; form-action 'self'; " +
		"base-uri 'none'; frame-ancestors 'none'"
	// A mail may style itself and open links in new windows. It may load nothing, send nothing and run nothing.
	mailPolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; " +
		"frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)

// web shows an inbox. Its links are relative, so that it can stand under any folder.
type web struct {
	inbox *Inbox
	pages *template.Template
}

// Handler serves the inbox to people (/, /messages/{id} and what belongs to a mail) and to programs
// (/api/messages?to=&subject=&message_id=&limit= and /api/messages/{id}). It asks nobody who they are.
func (b *Inbox) Handler() http.Handler {
	w := web{b, template.Must(template.New("").Funcs(functions()).ParseFS(pages, "page/*.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", w.list)
	mux.HandleFunc("GET /messages/{id}", w.message)
	mux.HandleFunc("GET /messages/{id}/html", w.html)
	mux.HandleFunc("GET /messages/{id}/raw", w.raw)
	mux.HandleFunc("GET /messages/{id}/attachments/{n}", w.attachment)
	mux.HandleFunc("GET /api/messages", w.apiList)
	mux.HandleFunc("GET /api/messages/{id}", w.apiMessage)
	return careful(mux)
}

// careful sets what every answer needs, since it holds what strangers wrote.
func careful(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// html serves the HTML part alone, for the frame that shows it.
func (s web) html(w http.ResponseWriter, r *http.Request) {
	m, err := s.inbox.Get(r.PathValue("id"))
	if err != nil || m.HTML == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Security-Policy", mailPolicy)
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write([]byte(inNewWindows(m.HTML)))
}

// inNewWindows lets a mail's links open beside the inbox: the frame itself may go nowhere.
func inNewWindows(html string) string {
	const base = `<base target="_blank">`
	if start := strings.Index(strings.ToLower(html), "<head"); start >= 0 {
		if end := strings.IndexByte(html[start:], '>'); end >= 0 {
			return html[:start+end+1] + base + html[start+end+1:]
		}
	}
	return "<!doctype html>" + base + html
}

func (s web) raw(w http.ResponseWriter, r *http.Request) {
	raw, err := s.inbox.Raw(r.PathValue("id"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	download(w, r.PathValue("id")+".eml", "message/rfc822", raw)
}

func (s web) attachment(w http.ResponseWriter, r *http.Request) {
	n, err := strconv.Atoi(r.PathValue("n"))
	if err != nil {
		http.NotFound(w, r)
		return
	}
	a, data, err := s.inbox.Attachment(r.PathValue("id"), n)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	download(w, a.Name, a.ContentType, data)
}

func download(w http.ResponseWriter, name, contentType string, data []byte) {
	w.Header().Set("Content-Security-Policy", mailPolicy)
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Content-Disposition", mime.FormatMediaType("attachment", map[string]string{"filename": name}))
	_, _ = w.Write(data)
}

// apiList leaves the bodies out: a list is to choose from.
func (s web) apiList(w http.ResponseWriter, r *http.Request) {
	messages := s.inbox.List(query(r.URL.Query()))
	for i := range messages {
		messages[i].Text, messages[i].HTML = "", ""
	}
	if messages == nil {
		messages = []Message{}
	}
	respond(w, http.StatusOK, map[string]any{"messages": messages})
}

func (s web) apiMessage(w http.ResponseWriter, r *http.Request) {
	m, err := s.inbox.Get(r.PathValue("id"))
	if err != nil {
		respond(w, http.StatusNotFound, map[string]any{"reason": errs.ReasonOf(err)})
		return
	}
	respond(w, http.StatusOK, m)
}

func respond(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body) // a reader that has gone needs no answer
}

func query(v url.Values) Query {
	limit, _ := strconv.Atoi(v.Get("limit")) // nonsense is no limit
	return Query{
		To: strings.TrimSpace(v.Get("to")), Subject: strings.TrimSpace(v.Get("subject")), MessageID: v.Get("message_id"),
		Limit: max(0, limit),
	}
}
