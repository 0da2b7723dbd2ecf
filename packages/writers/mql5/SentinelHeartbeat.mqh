// The heartbeat of an expert advisor (MetaTrader 5), for Sentinel. One file: copy it to MQL5\Include.
// The file and its keys: docs/status-file.md of Sentinel.
//
//   #include <SentinelHeartbeat.mqh>
//   CSentinelHeartbeat heartbeat("heartbeat_status.txt");
//
//   void OnTick()   { Trade(); heartbeat.Update("✅ Heartbeat active", TerminalInfoInteger(TERMINAL_CONNECTED), "loop"); }
//   void OnDeinit(const int reason) { heartbeat.Update("✅ Stopped as planned", false, "loop", 0, true); }
//
// MetaTrader writes below MQL5\Files of its data folder: point HEARTBEAT_STATUS_FILE of the monitor there.
// A market that is closed brings no ticks: give the monitor the market hours, or beat from OnTimer only what OnTick did.
// A process id is not to be had without a DLL, so the monitor finds the terminal by --bot-process, or restarts nothing.
#property strict

class CSentinelHeartbeat
  {
private:
   string            m_file;
   string            m_instance;
   string            m_started;
   long              m_seq;
   string            m_halted;
   string            m_person;

public:
                     CSentinelHeartbeat(const string file)
     {
      m_file=file;
      m_started=Instant(TimeGMT());
      m_instance=StringFormat("%I64d-%I64u-%d",(long)TimeGMT(),GetMicrosecondCount(),(int)ChartID());
      m_seq=0;
      m_halted="";
      m_person="";
     }

   // Why the expert lives and does not trade, on purpose: it is not restarted while it beats. Holds until "" ends it.
   void              Halted(const string reason) { m_halted=Clean(reason); }
   // What a person has to do; nothing is restarted meanwhile. Holds until "" ends it.
   void              NeedsPerson(const string what) { m_person=Clean(what); }

   // Writes one beat. Returns whether it landed; GetLastError() says why not.
   // progress changes only when real work is done; stopped says that this end is planned.
   bool              Update(const string status,const bool session_active=true,const string source="",const long progress=0,const bool stopped=false)
     {
      string line=Clean(status);
      if(line=="") // no beat is lost for it
         line=ShortToString(0x2753)+" No status given";
      m_seq++;
      string json="{\"session_active\": "+(session_active ? "true" : "false");
      json+=", \"updated_at\": \""+Instant(TimeGMT())+"\"";
      json+=", \"started_at\": \""+m_started+"\"";
      json+=", \"instance\": \""+m_instance+"\"";
      json+=", \"seq\": "+IntegerToString(m_seq);
      if(source!="")
         json+=", \"source\": "+Quote(Clean(source));
      json+=", \"progress\": "+IntegerToString(progress);
      if(m_halted!="")
         json+=", \"halted\": "+Quote(m_halted);
      if(m_person!="")
         json+=", \"needs_person\": "+Quote(m_person);
      if(stopped)
         json+=", \"stopped\": true";
      return Replace(line+"\n"+Local(TimeLocal())+"\n"+json+"}\n");
     }

private:
   // Written beside, then renamed: a reader sees the old file or the new one, never a part.
   bool              Replace(const string text)
     {
      uchar bytes[];
      // Without the zero at the end, which a reader takes for a lost write.
      int size=StringToCharArray(text,bytes,0,WHOLE_ARRAY,CP_UTF8)-1;
      string temporary=m_file+"."+m_instance+".tmp";
      ResetLastError();
      int handle=FileOpen(temporary,FILE_WRITE|FILE_BIN);
      if(handle==INVALID_HANDLE)
         return false;
      bool written=FileWriteArray(handle,bytes,0,size)==(uint)size;
      FileClose(handle);
      // A reader that holds the file open refuses the rename for a moment.
      for(int wait=1; written && wait<=16; wait*=2)
        {
         if(FileMove(temporary,0,m_file,FILE_REWRITE))
            return true;
         Sleep(wait);
        }
      FileDelete(temporary);
      return false;
     }

   // One line of at most 1,000 characters, without control characters.
   static string     Clean(const string text)
     {
      string line=text;
      for(int at=0; at<StringLen(line); at++)
        {
         ushort each=StringGetCharacter(line,at);
         if(each<32 || (each>=127 && each<160) || each==0x2028 || each==0x2029)
            StringSetCharacter(line,at,' ');
        }
      StringTrimLeft(line);
      StringTrimRight(line);
      return StringLen(line)<=1000 ? line : StringSubstr(line,0,999);
     }

   static string     Quote(const string text)
     {
      string quoted=text;
      StringReplace(quoted,"\\","\\\\");
      StringReplace(quoted,"\"","\\\"");
      return "\""+quoted+"\"";
     }

   static string     Date(const datetime at)
     {
      MqlDateTime parts;
      TimeToStruct(at,parts);
      return StringFormat("%04d-%02d-%02dT%02d:%02d:%02d",parts.year,parts.mon,parts.day,parts.hour,parts.min,parts.sec);
     }
   static string     Instant(const datetime at) { return Date(at)+".000Z"; }
   static string     Local(const datetime at)   { return Date(at)+".000000"; }
  };
