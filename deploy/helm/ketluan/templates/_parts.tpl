{{- define "ketluan.labels" -}}
app.kubernetes.io/part-of: ketluan
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end }}

{{- define "ketluan.pod" -}}
automountServiceAccountToken: false
enableServiceLinks: false
{{- with .Values.images.pullSecrets }}
imagePullSecrets: {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 10001
  fsGroup: 10001
  seccompProfile: {type: RuntimeDefault}
{{- end }}

{{- define "ketluan.confined" -}}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities: {drop: [ALL]}
{{- end }}

{{- define "ketluan.spread" -}}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: {matchLabels: {app.kubernetes.io/name: {{ . }}}}
  - maxSkew: 1
    topologyKey: topology.kubernetes.io/zone
    whenUnsatisfiable: ScheduleAnyway
    labelSelector: {matchLabels: {app.kubernetes.io/name: {{ . }}}}
{{- end }}

{{- define "ketluan.image" -}}
{{ .root.Values.images.prefix }}{{ .name }}:{{ .root.Values.images.tag | default .root.Chart.AppVersion }}
{{- end }}

{{- define "ketluan.nats" -}}
{{- if .Values.nats.enabled -}}
{{- $namespace := .Release.Namespace -}}
{{- range $number := until 3 }}{{ if $number }},{{ end }}tls://nats-{{ add1 $number }}.{{ $namespace }}:4222{{ end -}}
{{- else -}}
{{ required "nats.url says where the log is when nats.enabled is false" .Values.nats.url }}
{{- end -}}
{{- end }}

{{- define "ketluan.reach" -}}
- {name: KETLUAN_ORGANISATION, value: {{ .organisation.id | quote }}}
- {name: KETLUAN_PUBLIC_URL, value: {{ .organisation.publicUrl | quote }}}
- {name: KETLUAN_NATS_URL, value: {{ include "ketluan.nats" .root | quote }}}
- {name: KETLUAN_NATS_CA, value: /run/secrets/authority}
- {name: KETLUAN_NATS_REPLICAS, value: {{ .root.Values.nats.replicas | quote }}}
- {name: KETLUAN_DATABASE_CA, value: /run/secrets/database-authority}
{{- range $name, $value := merge (dict) (.organisation.settings | default dict) .root.Values.settings }}
- {name: {{ $name }}, value: {{ $value | quote }}}
{{- end }}
{{- end }}
