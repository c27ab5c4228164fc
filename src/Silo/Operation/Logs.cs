using ChainCrm.Silo.Hosting;

namespace ChainCrm.Silo.Operation;

/// <summary>Where log lines go: the standard output, as one JSON object a line or as short text.</summary>
internal static class Logs
{
    /// <summary>Sets logging up.</summary>
    public static void Configure(ILoggingBuilder logging, LogSettings settings)
    {
        logging.SetMinimumLevel(Enum.Parse<LogLevel>(settings.Level));
        // The framework's own lines below a warning would repeat every request, with its query, at thousands a second.
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("System", LogLevel.Warning);
        // Where this category can be logged to, each request gets an activity and a log scope of its own; both show only in lines that are off. What else it would say, a start that
        // failed, is thrown as well and said by ServerProgram.
        // With tracing on, the listener asks for the activity by itself.
        logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None);
        if (settings.Format == "simple")
            logging.AddSimpleConsole(o => { o.SingleLine = true; o.TimestampFormat = "HH:mm:ss "; });
        else
            logging.AddJsonConsole(o => { o.UseUtcTimestamp = true; o.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ"; });
    }
}
