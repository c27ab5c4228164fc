using System.Diagnostics;
using ChainCrm.Silo.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace ChainCrm.Silo.Operation;

/// <summary>Traces and metrics over OTLP, only when a setting names a collector. Without one nothing listens and instruments cost next to nothing.</summary>
internal sealed class Telemetry : IDisposable
{
    /// <summary>Meters that are exported (docs/operations/telemetry.md explains their instruments).</summary>
    private static readonly string[] Meters =
    [
        "ChainCrm.*", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.Http.Connections", "System.Runtime",
    ];

    private readonly TracerProvider? _traces;
    private readonly MeterProvider? _metrics;

    private Telemetry(TracerProvider? traces, MeterProvider? metrics) => (_traces, _metrics) = (traces, metrics);

    /// <summary>True when something is exported.</summary>
    public bool IsOn => _metrics is not null;

    /// <summary>Starts what the settings ask for.</summary>
    public static Telemetry Start(TelemetrySettings settings)
    {
        if (settings.OtlpEndpoint.Length == 0) return new Telemetry(null, null);

        var resource = ResourceBuilder.CreateEmpty().AddService(settings.ServiceName, serviceVersion: ServerVersion.Text,
            serviceInstanceId: Guid.NewGuid().ToString("n"));
        var traces = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(resource)
            .AddSource("ChainCrm.*", "Microsoft.AspNetCore")
            .SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(settings.TracePercent / 100.0)))
            .AddOtlpExporter(o => Exporter(o, settings, "v1/traces"))
            .Build();
        var metrics = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(resource)
            .AddMeter(Meters)
            .AddOtlpExporter((o, reader) =>
            {
                Exporter(o, settings, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = settings.MetricsSeconds * 1_000;
            })
            .Build();
        return new Telemetry(traces, metrics);
    }

    /// <summary>
    /// Gives the request's span its route. Only the route's template is kept, never the path or the query, so no id of a customer reaches
    /// the collector.
    /// </summary>
    public static Task NameSpan(HttpContext context, RequestDelegate next)
    {
        if (Activity.Current is not { IsAllDataRequested: true } span) return next(context);
        return Named(context, next, span);

        static async Task Named(HttpContext context, RequestDelegate next, Activity span)
        {
            await next(context);
            var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
            span.DisplayName = $"{context.Request.Method} {route}";
            span.SetTag("http.request.method", context.Request.Method);
            span.SetTag("http.route", route);
            span.SetTag("http.response.status_code", context.Response.StatusCode);
        }
    }

    /// <summary>Sends what is left and ends.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static void Exporter(OtlpExporterOptions options, TelemetrySettings settings, string path)
    {
        var isHttp = settings.OtlpProtocol == "http";
        options.Protocol = isHttp ? OtlpExportProtocol.HttpProtobuf : OtlpExportProtocol.Grpc;
        // Over http each signal has a path of its own; the setting names the collector only.
        options.Endpoint = isHttp ? new Uri($"{settings.OtlpEndpoint.TrimEnd('/')}/{path}") : new Uri(settings.OtlpEndpoint);
        options.TimeoutMilliseconds = 2_000;
    }
}
