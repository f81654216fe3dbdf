{{/* Mistakes that no schema sees, because they lie between values. Each stops with what is wrong and what to do. */}}
{{- define "todo-app.validate" -}}
{{- include "todo-app.validate.secrets" . }}
{{- include "todo-app.validate.routing" . }}
{{- range $component := list "backend" "frontend" }}
{{- include "todo-app.validate.scaling" (dict "root" $ "component" $component) }}
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
{{- include "todo-app.validate.existingSecret" . }}
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
{{- if and (eq .Values.backend.migrations.mode "hook") (not $secrets.existingSecret) }}
{{- fail "todo-app: backend.migrations.mode=hook runs before the chart's own Secret exists; set secrets.existingSecret, or use mode initContainer" }}
{{- end }}
{{- if and (eq .Values.backend.migrations.mode "hook") .Values.postgresql.enabled }}
{{- fail "todo-app: backend.migrations.mode=hook runs before the chart's PostgreSQL exists; use mode initContainer" }}
{{- end }}
{{- end }}

{{/* Only where a cluster can be asked: every namespace that exists has the ServiceAccount default */}}
{{- define "todo-app.validate.existingSecret" -}}
{{- if and .Values.secrets.checkExisting (lookup "v1" "ServiceAccount" .Release.Namespace "default") }}
{{- $name := .Values.secrets.existingSecret }}
{{- $found := lookup "v1" "Secret" .Release.Namespace $name }}
{{- if not $found }}
{{- fail (printf "todo-app: the Secret %s does not exist in namespace %s; create it first (kubectl create secret generic), or set secrets.checkExisting=false if an operator does" $name .Release.Namespace) }}
{{- end }}
{{- $needed := list .Values.secrets.keys.secretKey }}
{{- if not .Values.postgresql.enabled }}{{ $needed = append $needed .Values.secrets.keys.databaseUrl }}{{ end }}
{{- range $needed }}
{{- if not (hasKey ($found.data | default dict) .) }}
{{- fail (printf "todo-app: the Secret %s has no key %s; add it, or name the right key under secrets.keys" $name .) }}
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
