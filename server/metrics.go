package server

import (
	"net/http"
	"reflect"
	"strings"
	"unicode"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"astara/room"
)

// counts are what the admin listener tells. No label names a person, a consultation or an address.
type counts struct {
	registry *prometheus.Registry
	refused  *prometheus.CounterVec // by code
	commands *prometheus.CounterVec // by type
	openings *prometheus.CounterVec // of links: first, again, moved
	limited  *prometheus.CounterVec // by door
}

func newCounts(house *room.House, media func() any) *counts {
	c := &counts{registry: prometheus.NewRegistry()}
	counter := func(name, help, label string) *prometheus.CounterVec {
		v := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "astara", Name: name, Help: help}, []string{label})
		c.registry.MustRegister(v)
		return v
	}
	c.refused = counter("refusals_total", "Requests and messages that were refused.", "code")
	c.commands = counter("commands_total", "Commands that were given, from the desk and from the table.", "type")
	c.openings = counter("link_openings_total", "Personal links that were opened: first, again, moved from another browser.", "how")
	c.limited = counter("rate_limited_total", "Requests that came too often.", "door")
	gauge := func(name, help string, f func() float64) {
		c.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Namespace: "astara", Name: name, Help: help}, f))
	}
	gauge("rooms", "Consultations in memory.", func() float64 { return float64(house.Figures().Rooms) })
	gauge("sockets", "People connected.", func() float64 { return float64(house.Figures().Sockets) })
	gauge("probes", "Line tests going on.", func() float64 { return float64(house.Figures().Probes) })
	c.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	if media != nil {
		c.registry.MustRegister(mediaFigures(media))
	}
	return c
}

// Admin is for the admin listener, which is for operators only: it asks nobody who they are.
func (s *Server) Admin() http.Handler {
	m := http.NewServeMux()
	m.Handle("GET /healthz", s.open(s.healthy))
	m.Handle("GET /metrics", promhttp.HandlerFor(s.counts.registry, promhttp.HandlerOpts{Registry: s.counts.registry}))
	return m
}

// mediaFigures turns a struct of numbers into metrics, so that a new counter of the router needs no word here. An int is a
// level now, a uint64 a count since the start.
type mediaFigures func() any

func (mediaFigures) Describe(chan<- *prometheus.Desc) {} // unchecked: the names are the struct's

func (f mediaFigures) Collect(out chan<- prometheus.Metric) {
	v := reflect.Indirect(reflect.ValueOf(f()))
	if v.Kind() != reflect.Struct {
		return
	}
	for i := range v.NumField() {
		name := "astara_media_" + snake(v.Type().Field(i).Name)
		switch x := v.Field(i); {
		case x.CanUint():
			out <- prometheus.MustNewConstMetric(prometheus.NewDesc(name+"_total", "Media: see docs/operations.md.", nil, nil), prometheus.CounterValue, float64(x.Uint()))
		case x.CanInt():
			out <- prometheus.MustNewConstMetric(prometheus.NewDesc(name, "Media: see docs/operations.md.", nil, nil), prometheus.GaugeValue, float64(x.Int()))
		}
	}
}

// snake: PacketsIn is packets_in, PLIsOut is plis_out.
func snake(name string) string {
	var b strings.Builder
	before := 'A'
	for _, r := range name {
		if unicode.IsUpper(r) && unicode.IsLower(before) {
			b.WriteByte('_')
		}
		b.WriteRune(unicode.ToLower(r))
		before = r
	}
	return b.String()
}
