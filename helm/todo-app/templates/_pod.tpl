{{/* What the pods of both components share. All take (dict "root" $ "component" "backend"). */}}

{{/* Pod settings before the containers */}}
{{- define "todo-app.pod.settings" -}}
{{- $values := index .root.Values .component -}}
{{- with .root.Values.global.imagePullSecrets -}}
imagePullSecrets:
  {{- range . }}
  - name: {{ . }}
  {{- end }}
{{ end -}}
serviceAccountName: {{ include "todo-app.serviceAccountName" .root }}
automountServiceAccountToken: false
enableServiceLinks: false
securityContext:
  {{- toYaml $values.podSecurityContext | nindent 2 }}
{{- end }}

{{/* On which nodes it may run; the pods that only serve a component for a while go there too */}}
{{- define "todo-app.pod.nodes" -}}
{{- $values := index .root.Values .component -}}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.priorityClassName }}
priorityClassName: {{ . }}
{{- end }}
{{- end }}

{{/* Pod settings about where and how long it runs */}}
{{- define "todo-app.pod.placement" -}}
{{- $values := index .root.Values .component -}}
terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
{{- include "todo-app.pod.nodes" . }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- if $values.topologySpreadConstraints }}
topologySpreadConstraints:
  {{- toYaml $values.topologySpreadConstraints | nindent 2 }}
{{- else if $values.spreadOverNodes }}
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "todo-app.component.selectorLabels" . | nindent 8 }}
{{- end }}
{{- end }}

{{/* The main container, without its environment and mounts */}}
{{- define "todo-app.container" -}}
{{- $values := index .root.Values .component -}}
name: {{ .component }}
image: {{ include "todo-app.image" (dict "root" .root "image" $values.image) }}
imagePullPolicy: {{ $values.image.pullPolicy }}
{{- with $values.command }}
command:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.args }}
args:
  {{- toYaml . | nindent 2 }}
{{- end }}
securityContext:
  {{- toYaml $values.containerSecurityContext | nindent 2 }}
ports:
  - name: http
    containerPort: {{ ternary 8000 3000 (eq .component "backend") }}
    protocol: TCP
{{- range $probe := list "startupProbe" "livenessProbe" "readinessProbe" }}
{{- with index $values $probe }}
{{ $probe }}:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}
{{- with $values.preStopSeconds }}
lifecycle:
  preStop:
    {{- if semverCompare ">=1.30-0" $.root.Capabilities.KubeVersion.Version }}
    sleep:
      seconds: {{ . }}
    {{- else }}
    exec:
      command: ["sleep", "{{ . }}"]
    {{- end }}
{{- end }}
resources:
  {{- toYaml $values.resources | nindent 2 }}
{{- end }}

{{/* How pods are replaced. Helm layers values, so the default's rollingUpdate would stand beside another type */}}
{{- define "todo-app.strategy" -}}
{{- $strategy := (index .root.Values .component).strategy -}}
{{- if eq ($strategy.type | default "RollingUpdate") "RollingUpdate" }}
{{- toYaml $strategy }}
{{- else }}
{{- omit $strategy "rollingUpdate" | toYaml }}
{{- end }}
{{- end }}

{{/* Sources of variables: the values' own; for the backend the ConfigMap comes first */}}
{{- define "todo-app.envFrom" -}}
{{- $values := index .root.Values .component -}}
{{- with concat .root.Values.global.extraEnvFrom $values.extraEnvFrom -}}
{{ toYaml . }}
{{- end }}
{{- end }}

{{/* The variables of a container: the chart's own (YAML, as "own"), then global.extraEnv, then the component's.
     The last of a name wins, and each is there once: a server-side apply refuses a second one. */}}
{{- define "todo-app.env" -}}
{{- $values := index .root.Values .component }}
{{- $all := concat (.own | fromYamlArray) .root.Values.global.extraEnv $values.extraEnv }}
{{- $last := dict }}
{{- range $index, $variable := $all }}{{ $_ := set $last $variable.name $index }}{{ end }}
{{- $kept := list }}
{{- range $index, $variable := $all }}
{{- if eq $index (get $last $variable.name) }}{{ $kept = append $kept $variable }}{{ end }}
{{- end }}
{{- toYaml $kept }}
{{- end }}

{{/* The variables of the database; takes the root */}}
{{- define "todo-app.databaseEnv" -}}
{{- $keys := .Values.secrets.keys -}}
{{- if .Values.postgresql.enabled -}}
- name: POSTGRES_PASSWORD
  valueFrom:
    secretKeyRef:
      name: {{ include "todo-app.postgresql.secretName" . }}
      key: POSTGRES_PASSWORD
- name: DATABASE_URL
  value: {{ printf "postgresql://%s:$(POSTGRES_PASSWORD)@%s:5432/%s" .Values.postgresql.auth.username (include "todo-app.component.fullname" (dict "root" . "component" "postgresql")) .Values.postgresql.auth.database }}
{{- else -}}
- name: DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "todo-app.secretName" . }}
      key: {{ $keys.databaseUrl }}
- name: DIRECT_DATABASE_URL
  valueFrom:
    secretKeyRef:
      name: {{ include "todo-app.secretName" . }}
      key: {{ $keys.directDatabaseUrl }}
      optional: true
{{- end }}
{{- end }}

{{/* The backend's secrets, key by key; takes the root */}}
{{- define "todo-app.secretEnv" -}}
{{- $keys := .Values.secrets.keys -}}
{{ include "todo-app.databaseEnv" . }}
- name: SECRET_KEY
  valueFrom:
    secretKeyRef:
      name: {{ include "todo-app.secretName" . }}
      key: {{ $keys.secretKey }}
- name: LLM_API_KEY
  valueFrom:
    secretKeyRef:
      name: {{ include "todo-app.secretName" . }}
      key: {{ $keys.llmApiKey }}
      optional: true
- name: JWT_SECRET
  valueFrom:
    secretKeyRef:
      name: {{ include "todo-app.secretName" . }}
      key: {{ $keys.jwtSecret }}
      optional: true
{{- end }}

{{- define "todo-app.postgresql.secretName" -}}
{{- .Values.postgresql.auth.existingSecret | default (include "todo-app.component.fullname" (dict "root" . "component" "postgresql")) }}
{{- end }}

{{/* The container that migrates, for the init container and the hook; takes the root */}}
{{- define "todo-app.migrate" -}}
name: migrate
image: {{ include "todo-app.image" (dict "root" . "image" .Values.backend.image) }}
imagePullPolicy: {{ .Values.backend.image.pullPolicy }}
command: ["python", "-m", "app.db.migrate"]
securityContext:
  {{- toYaml .Values.backend.containerSecurityContext | nindent 2 }}
{{- with include "todo-app.envFrom" (dict "root" . "component" "backend") }}
envFrom:
  {{- . | nindent 2 }}
{{- end }}
{{- $settings := printf "- {name: APP_ENV, value: %s}\n- {name: LOG_FORMAT, value: %s}" .Values.config.appEnv .Values.config.logFormat }}
env:
  {{- include "todo-app.env" (dict "root" . "component" "backend" "own" (printf "%s\n%s" $settings (include "todo-app.secretEnv" .))) | nindent 2 }}
resources:
  {{- toYaml .Values.backend.migrations.resources | nindent 2 }}
volumeMounts:
  - name: tmp
    mountPath: /tmp
  {{- with .Values.backend.extraVolumeMounts }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end }}

{{/* A volume's name from the folder it is mounted at: /app/.next/cache gives app-next-cache */}}
{{- define "todo-app.volumeName" -}}
{{- regexReplaceAll "[^a-z0-9]+" (lower .) "-" | trimAll "-" | trunc 63 | trimSuffix "-" }}
{{- end }}
