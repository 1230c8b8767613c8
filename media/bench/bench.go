// Package bench measures what the router costs: a server process pinned to
// its cores, load clients on the others.
package bench

// Options of one run.
type Options struct {
	Publishers int
	Receivers  int
	VideoKbps  int      // per publisher; 0 sends no picture
	Audio      bool     // 50 packets/s of each publisher
	Cores      int      // for the server
	Seconds    int      // measured window, after a warm-up
	Self       string   // binary to execute as the server
	Args       []string // that make Self call Serve
}

// Result of one run.
type Result struct {
	PacketsPerSecond float64 `json:"packetsPerSecond"`
	Delivered        float64 `json:"delivered"`   // 0..1 of the packets that were due
	UsPerPacket      float64 `json:"usPerPacket"` // server CPU, user and system
	P50Ms            float64 `json:"p50Ms"`
	P99Ms            float64 `json:"p99Ms"`
}
