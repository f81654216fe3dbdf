{{/* Mistakes that no schema sees, because they lie between values. Each stops with what is wrong and what to do. */}}
{{- define "todo-app.validate" -}}
{{- include "todo-app.validate.names" . }}
{{- include "todo-app.validate.secrets" . }}
{{- include "todo-app.validate.routing" . }}
{{- range $component := list "backend" "frontend" }}
{{- include "todo-app.validate.scaling" (dict "root" $ "component" $component) }}
{{- end }}
{{- end }}

{{- define "todo-app.validate.names" -}}
{{- if not (regexMatch "^[a-z]" (include "todo-app.fullname" .)) }}
{{- fail (printf "todo-app: the name of a Service begins with a letter, and %s does not; choose another release name, or set fullnameOverride" (include "todo-app.fullname" .)) }}
{{- end }}
{{- end }}

{{- define "todo-app.validate.secrets" -}}
{{- $secrets := .Values.secrets }}
{{- if $secrets.existingSecret }}
{{- range $key := list "databaseUrl" "directDatabaseUrl" "secretKey" "llmApiKey" "jwtSecret" }}
{{- if index $secrets $key }}
{{- fail (printf "todo-app: secrets.%s would be ignored, because secrets.existingSecret is set; put it into that Secret" $key) }}
{{- end }}
{{- end }}
{{- else }}
{{- if and (not $secrets.databaseUrl) (not .Values.postgresql.enabled) }}
{{- fail "todo-app: no database; set secrets.existingSecret (a Secret with DATABASE_URL and SECRET_KEY), or secrets.databaseUrl, or postgresql.enabled=true for a small one in the cluster" }}
{{- end }}
{{- if not $secrets.secretKey }}
{{- fail "todo-app: no signing key; set secrets.existingSecret, or secrets.secretKey to the output of: openssl rand -hex 32" }}
{{- end }}
{{- end }}
{{- if .Values.postgresql.enabled }}
{{- if $secrets.databaseUrl }}
{{- fail "todo-app: secrets.databaseUrl and postgresql.enabled are both set; choose one database" }}
{{- end }}
{{- if not (or .Values.postgresql.auth.password .Values.postgresql.auth.existingSecret) }}
{{- fail "todo-app: postgresql.enabled needs postgresql.auth.password or postgresql.auth.existingSecret" }}
{{- end }}
{{- end }}
{{- if and (eq .Values.config.authMode "jwt") (not (or .Values.config.jwksUrl $secrets.jwtSecret $secrets.existingSecret)) }}
{{- fail "todo-app: config.authMode=jwt needs the keys of the tokens; set config.jwksUrl, or secrets.jwtSecret, or JWT_SECRET in secrets.existingSecret" }}
{{- end }}
{{- if and (eq .Values.backend.migrations.mode "hook") (not $secrets.existingSecret) }}
{{- fail "todo-app: backend.migrations.mode=hook runs before the chart's own Secret exists; set secrets.existingSecret, or use mode initContainer" }}
{{- end }}
{{- if and (eq .Values.backend.migrations.mode "hook") .Values.postgresql.enabled }}
{{- fail "todo-app: backend.migrations.mode=hook runs before the chart's PostgreSQL exists; use mode initContainer" }}
{{- end }}
{{- include "todo-app.validate.existingSecrets" . }}
{{- end }}

{{/* Only where a cluster can be asked: every namespace that exists has the ServiceAccount default */}}
{{- define "todo-app.validate.existingSecrets" -}}
{{- if and .Values.secrets.checkExisting (lookup "v1" "ServiceAccount" .Release.Namespace "default") }}
{{- $keys := .Values.secrets.keys }}
{{- $needed := list $keys.secretKey }}
{{- if not .Values.postgresql.enabled }}{{ $needed = append $needed $keys.databaseUrl }}{{ end }}
{{- if and (eq .Values.config.authMode "jwt") (not .Values.config.jwksUrl) }}{{ $needed = append $needed $keys.jwtSecret }}{{ end }}
{{- include "todo-app.validate.existingSecret" (dict "root" . "name" .Values.secrets.existingSecret "keys" $needed) }}
{{- if .Values.postgresql.enabled }}
{{- include "todo-app.validate.existingSecret" (dict "root" . "name" .Values.postgresql.auth.existingSecret "keys" (list "POSTGRES_PASSWORD")) }}
{{- end }}
{{- end }}
{{- end }}

{{- define "todo-app.validate.existingSecret" -}}
{{- with .name }}
{{- $found := lookup "v1" "Secret" $.root.Release.Namespace . }}
{{- if not $found }}
{{- fail (printf "todo-app: the Secret %s does not exist in namespace %s; create it first (kubectl create secret generic), or set secrets.checkExisting=false if an operator does" . $.root.Release.Namespace) }}
{{- end }}
{{- range $key := $.keys }}
{{- if not (hasKey ($found.data | default dict) $key) }}
{{- fail (printf "todo-app: the Secret %s has no key %s; add it, or name the right key under secrets.keys" $.name $key) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "todo-app.validate.routing" -}}
{{- if and .Values.httpRoute.enabled (not .Values.httpRoute.parentRefs) }}
{{- fail "todo-app: httpRoute.enabled needs httpRoute.parentRefs, the Gateway to attach to" }}
{{- end }}
{{- if and .Values.ingress.enabled .Values.httpRoute.enabled (not .Values.httpRoute.allowWithIngress) }}
{{- range .Values.ingress.hosts }}
{{- if or (not .host) (not $.Values.httpRoute.hostnames) (has .host $.Values.httpRoute.hostnames) }}
{{- fail (printf "todo-app: ingress and httpRoute both serve host %s; disable one, or set httpRoute.allowWithIngress=true while you migrate" (.host | default "*" | quote)) }}
{{- end }}
{{- end }}
{{- end }}
{{- end }}

{{- define "todo-app.validate.scaling" -}}
{{- $values := index .root.Values .component }}
{{- if $values.autoscaling.enabled }}
{{- if gt (int $values.autoscaling.minReplicas) (int $values.autoscaling.maxReplicas) }}
{{- fail (printf "todo-app: %s.autoscaling.minReplicas is larger than maxReplicas" .component) }}
{{- end }}
{{- if not (or $values.autoscaling.targetCPUUtilizationPercentage $values.autoscaling.targetMemoryUtilizationPercentage $values.autoscaling.metrics) }}
{{- fail (printf "todo-app: %s.autoscaling has nothing to look at; set a target percentage or metrics, or autoscaling.enabled=false" .component) }}
{{- end }}
{{- range $resource, $target := dict "cpu" $values.autoscaling.targetCPUUtilizationPercentage "memory" $values.autoscaling.targetMemoryUtilizationPercentage }}
{{- if and $target (not (dig "requests" $resource "" $values.resources)) }}
{{- fail (printf "todo-app: %s.autoscaling looks at %s, so %s.resources.requests.%s must be set" $.component $resource $.component $resource) }}
{{- end }}
{{- end }}
{{- end }}
{{- if le (int $values.terminationGracePeriodSeconds) (int $values.preStopSeconds) }}
{{- fail (printf "todo-app: %s.terminationGracePeriodSeconds must be longer than preStopSeconds, or the pod is killed while it drains" .component) }}
{{- end }}
{{- end }}
