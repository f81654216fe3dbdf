{{/* Names, labels and images. A component's helpers take (dict "root" $ "component" "backend"). */}}

{{- define "todo-app.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{/* The start of every name: a DNS label, and short enough that "-postgresql" and "-connection-test" still fit */}}
{{- define "todo-app.fullname" -}}
{{- $name := default .Chart.Name .Values.nameOverride }}
{{- $whole := .Values.fullnameOverride }}
{{- if not $whole }}
{{- $whole = contains $name .Release.Name | ternary .Release.Name (printf "%s-%s" .Release.Name $name) }}
{{- end }}
{{- $whole | replace "." "-" | trunc 45 | trimSuffix "-" }}
{{- end }}

{{- define "todo-app.chart" -}}
{{- printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "todo-app.component.fullname" -}}
{{- printf "%s-%s" (include "todo-app.fullname" .root) .component }}
{{- end }}

{{- define "todo-app.secretName" -}}
{{- .Values.secrets.existingSecret | default (printf "%s-secrets" (include "todo-app.fullname" .)) }}
{{- end }}

{{- define "todo-app.serviceAccountName" -}}
{{- if .Values.serviceAccount.create }}
{{- .Values.serviceAccount.name | default (include "todo-app.fullname" .) }}
{{- else }}
{{- .Values.serviceAccount.name | default "default" }}
{{- end }}
{{- end }}

{{/* What a selector says; it can never change, so nothing else belongs here */}}
{{- define "todo-app.component.selectorLabels" -}}
app.kubernetes.io/name: {{ include "todo-app.name" .root }}
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .component }}
{{- end }}

{{/* Labels of an object that belongs to no single component; takes the root */}}
{{- define "todo-app.labels" -}}
{{- include "todo-app.layeredLabels" (dict "root" . "own" (dict "app.kubernetes.io/name" (include "todo-app.name" .) "app.kubernetes.io/instance" .Release.Name)) }}
{{- end }}

{{- define "todo-app.component.labels" -}}
{{- include "todo-app.layeredLabels" (dict "root" .root "own" (include "todo-app.component.selectorLabels" . | fromYaml)) }}
{{- end }}

{{/* Each label once: an object's own and Helm's cannot be replaced by commonLabels, the others can */}}
{{- define "todo-app.layeredLabels" -}}
{{- $root := .root }}
{{- $fixed := dict "app.kubernetes.io/managed-by" $root.Release.Service "helm.sh/chart" (include "todo-app.chart" $root) }}
{{- merge (dict) .own $fixed $root.Values.commonLabels (include "todo-app.versionLabels" $root | fromYaml) | toYaml }}
{{- end }}

{{- define "todo-app.versionLabels" -}}
app.kubernetes.io/part-of: {{ include "todo-app.name" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | replace "+" "_" | trunc 63 | trimAll "-_." | quote }}
{{- end }}

{{/* Labels of pods, without the chart's version: an upgrade of the chart alone should not replace every pod */}}
{{- define "todo-app.component.podLabels" -}}
{{- $values := index .root.Values .component | default dict }}
{{- merge (dict) (include "todo-app.component.selectorLabels" . | fromYaml) ($values.podLabels | default dict) .root.Values.commonLabels (include "todo-app.versionLabels" .root | fromYaml) | toYaml }}
{{- end }}

{{/* The annotations block of an object's metadata; takes (dict "root" $ "annotations" map) */}}
{{- define "todo-app.annotations" -}}
{{- with merge (dict) (.annotations | default dict) .root.Values.commonAnnotations }}
  annotations:
    {{- toYaml . | nindent 4 }}
{{- end }}
{{- end }}

{{/* registry/repository:tag or registry/repository@digest; takes (dict "root" $ "image" map) */}}
{{- define "todo-app.image" -}}
{{- $registry := .image.registry | default .root.Values.global.imageRegistry }}
{{- $name := .image.repository }}
{{- if $registry }}{{ $name = printf "%s/%s" (trimSuffix "/" $registry) $name }}{{ end }}
{{- if .image.digest }}
{{- printf "%s@%s" $name .image.digest }}
{{- else }}
{{- printf "%s:%s" $name (.image.tag | default .root.Chart.AppVersion) }}
{{- end }}
{{- end }}

{{/* How many pods are guaranteed: the autoscaler's floor, else the fixed number */}}
{{- define "todo-app.component.minimum" -}}
{{- $values := index .root.Values .component }}
{{- $values.autoscaling.enabled | ternary $values.autoscaling.minReplicas $values.replicaCount }}
{{- end }}

{{- define "todo-app.backend.url" -}}
{{- printf "http://%s:%v" (include "todo-app.component.fullname" (dict "root" . "component" "backend")) .Values.backend.service.port }}
{{- end }}

{{/* Every host name of the routers, as a JSON list */}}
{{- define "todo-app.hosts" -}}
{{- $hosts := list }}
{{- if .Values.ingress.enabled }}
{{- range .Values.ingress.hosts }}{{ $hosts = append $hosts (.host | default "") }}{{ end }}
{{- end }}
{{- if .Values.httpRoute.enabled }}
{{- $hosts = concat $hosts .Values.httpRoute.hostnames }}
{{- end }}
{{- $hosts | compact | uniq | toJson }}
{{- end }}

{{/* Where users reach the page, if the values say so */}}
{{- define "todo-app.publicUrl" -}}
{{- $hosts := list }}
{{- range include "todo-app.hosts" . | fromJsonArray }}
{{- if not (contains "*" .) }}{{ $hosts = append $hosts . }}{{ end }}
{{- end }}
{{- if .Values.config.publicUrl }}
{{- .Values.config.publicUrl }}
{{- else if $hosts }}
{{- $secure := and .Values.ingress.enabled (not (empty .Values.ingress.tls)) }}
{{- printf "%s://%s" ($secure | ternary "https" "http") (first $hosts) }}
{{- end }}
{{- end }}
