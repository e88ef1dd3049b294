namespace Sidecars.Serving;

/// <summary>A page that lists the API's operations from <c>/openapi.json</c>; it needs nothing from elsewhere.</summary>
internal static class DocsPage
{
    public static ReadOnlySpan<byte> Html => """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>KServe ModelServer</title>
        <style>
          :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
          body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
          code, textarea, pre { font-family: ui-monospace, monospace; }
          details { border: 1px solid #8886; border-radius: 6px; margin: .5rem 0; padding: .5rem 1rem; }
          summary { cursor: pointer; }
          .method { display: inline-block; width: 4rem; font-weight: 600; }
          label { display: block; margin: .5rem 0; }
          input, textarea { width: 100%; box-sizing: border-box; font-size: 1rem; }
          pre { overflow: auto; background: #8882; padding: .5rem; }
        </style>
        </head>
        <body>
        <h1>KServe ModelServer</h1>
        <p>Every operation of this server. The description is <a href="./openapi.json">openapi.json</a>.</p>
        <main id="operations"></main>
        <script>
        const main = document.getElementById('operations');
        const make = (tag, text) => Object.assign(document.createElement(tag), text === undefined ? {} : { textContent: text });
        const send = async (method, path, fields, body, out) => {
          for (const [name, input] of Object.entries(fields)) path = path.replace(`{${name}}`, encodeURIComponent(input.value));
          const init = { method: method.toUpperCase() };
          if (body) { init.body = body.value; init.headers = { 'Content-Type': 'application/json' }; }
          try {
            const answer = await fetch('.' + path, init);
            out.textContent = `${answer.status} ${answer.statusText}\n${await answer.text()}`;
          } catch (error) { out.textContent = String(error); }
        };
        fetch("./openapi.json").then(r => r.json()).then(api => {
          for (const [path, methods] of Object.entries(api.paths)) for (const [method, operation] of Object.entries(methods)) {
            const box = make('details'), head = make('summary'), fields = {};
            const label = make('span', method.toUpperCase()); label.className = 'method';
            head.append(label, make('code', path), make('span', ' ' + (operation.summary ?? '')));
            box.append(head);
            for (const parameter of operation.parameters ?? []) {
              const field = make('label', parameter.name + ' '), input = make('input');
              fields[parameter.name] = input; field.append(input); box.append(field);
            }
            let body;
            if (operation.requestBody) {
              const field = make('label', 'body '); body = make('textarea'); body.rows = 6;
              body.value = path.startsWith('/v2') ? '{"inputs": []}' : '{"instances": []}';
              field.append(body); box.append(field);
            }
            const button = make('button', 'Send'), out = make('pre'); out.setAttribute('aria-live', 'polite');
            button.onclick = () => send(method, path, fields, body, out);
            box.append(button, out); main.append(box);
          }
        });
        </script>
        </body>
        </html>
        """u8;
}
